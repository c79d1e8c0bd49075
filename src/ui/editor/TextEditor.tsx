import { useEffect, useRef, useState } from 'react';
import { useText } from '../i18n/index.ts';
import { useMedia } from '../shell/hooks.ts';
import { textOf, useEditor } from '../stores/editor.ts';
import { edit } from '../stores/session.ts';
import { useSettings } from '../stores/settings.ts';
import styles from './Editor.module.css';
import type { RichEditor } from './monaco.ts';

interface Props {
  readonly lesson: string;
  readonly text: string;
  readonly theme: string;
}

/** A plain textarea from the first paint; Monaco takes its place, with text and selection, on wide screens with a mouse. */
export function TextEditor({ lesson, text, theme }: Props) {
  const t = useText();
  const area = useRef<HTMLTextAreaElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef({ text, theme });
  const [rich, setRich] = useState<RichEditor | null>(null);
  const wanted = useMedia('(pointer: fine) and (min-width: 801px)');
  const reveal = useEditor((state) => state.reveal);
  const diagnostics = useEditor((state) => state.diagnostics);
  const scale = useSettings((state) => state.scale);
  latest.current = { text, theme };

  useEffect(() => {
    if (!wanted) return;
    let made: RichEditor | null = null;
    let gone = false;
    const load = (): void => {
      void import('./monaco.ts')
        .then(({ createRichEditor }) => {
          const from = area.current;
          if (gone || !from || !host.current) return;
          made = createRichEditor(host.current, {
            text: latest.current.text,
            theme: latest.current.theme,
            label: from.getAttribute('aria-label') ?? '',
            selection: [from.selectionStart, from.selectionEnd],
            focused: document.activeElement === from,
            onChange: edit,
          });
          setRich(made);
        })
        .catch(() => {
          // The textarea stays: an editor that could not be loaded is no loss of function.
        });
    };
    const timer = window.setTimeout(load, 300);
    return () => {
      gone = true;
      window.clearTimeout(timer);
      made?.dispose();
      setRich(null);
    };
  }, [wanted]);

  // From the store, not from the render: an effect may run after the next key was typed, and its text would take that key back.
  useEffect(() => rich?.setText(textOf(lesson)), [rich, lesson, text]);
  useEffect(() => rich?.setTheme(theme), [rich, theme]);
  useEffect(() => rich?.setScale(scale), [rich, scale]);
  useEffect(() => rich?.setDiagnostics(diagnostics), [rich, diagnostics]);
  useEffect(() => {
    if (!reveal) return;
    useEditor.setState({ reveal: null });
    if (rich) rich.reveal(reveal.start, reveal.end);
    else {
      area.current?.focus();
      area.current?.setSelectionRange(reveal.start, reveal.end);
    }
  }, [rich, reveal]);

  return (
    <div className={styles.editor} data-lesson={lesson} data-rich={rich !== null || undefined}>
      <div ref={host} className={styles.monaco} hidden={rich === null} />
      <textarea
        ref={area}
        hidden={rich !== null}
        className={styles.textarea}
        aria-label={t.editorLabel}
        value={text}
        spellCheck={false}
        autoCapitalize="none"
        autoCorrect="off"
        wrap="off"
        onChange={(event) => edit(event.target.value)}
      />
    </div>
  );
}
