import { useRef, useState } from 'react';
import { useText } from '../i18n/index.ts';
import type { Guest } from '../stores/editor.ts';
import { finishEdit } from '../stores/session.ts';
import { focusPrompt } from '../terminal/focus.ts';
import styles from './Editor.module.css';
import { TextEditor } from './TextEditor.tsx';

/** A file that a program waits for, as `kubectl edit` does. Discarding hands it back as it was. */
export function GuestEditor({ guest, theme }: { readonly guest: Guest; readonly theme: string }) {
  const t = useText();
  const [text, setText] = useState(guest.text);
  const latest = useRef(guest.text);
  const done = (result: string): void => {
    finishEdit(guest.id, result);
    focusPrompt();
  };
  return (
    <section className={styles.pane} aria-label={t.partEditor}>
      <div className={styles.bar}>
        <code className={styles.file} title={t.guestHelp}>
          {guest.file}
        </code>
        <span className={styles.spring} />
        <button type="button" className="quiet" onClick={() => done(guest.text)}>
          {t.discard}
        </button>
        <button type="button" className="primary" onClick={() => done(latest.current)}>
          {t.saveAndClose}
        </button>
      </div>
      <TextEditor
        label={guest.file}
        text={text}
        current={() => latest.current}
        onChange={(changed) => {
          latest.current = changed;
          setText(changed);
        }}
        diagnostics={[]}
        theme={theme}
        focus
      />
    </section>
  );
}
