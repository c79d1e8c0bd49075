import { useText } from '../i18n/index.ts';
import { Confirm } from '../shell/Confirm.tsx';
import { Icon } from '../shell/Icon.tsx';
import { lessonById, textOf, useEditor } from '../stores/editor.ts';
import { edit, typeLines } from '../stores/session.ts';
import { useSettings } from '../stores/settings.ts';
import { useTerminals } from '../stores/terminals.ts';
import { focusPrompt } from '../terminal/focus.ts';
import styles from './Editor.module.css';
import { GuestEditor } from './GuestEditor.tsx';
import { Problems } from './Problems.tsx';
import { TextEditor } from './TextEditor.tsx';

/** What is edited: a file that a program at a terminal has opened, otherwise the lesson's manifest. */
export function EditorPane({ theme }: { readonly theme: string }) {
  const guest = useEditor((state) => state.guests.at(-1));
  return guest === undefined ? <ManifestEditor theme={theme} /> : <GuestEditor key={guest.id} guest={guest} theme={theme} />;
}

/** The manifest: its file name, what can be done with it, the text and its problems. */
function ManifestEditor({ theme }: { readonly theme: string }) {
  const t = useText();
  const lesson = lessonById(useSettings((state) => state.lesson));
  const mode = useSettings((state) => state.mode);
  const set = useSettings((state) => state.set);
  const active = useTerminals((state) => state.active);
  const diagnostics = useEditor((state) => state.diagnostics);
  const text = useEditor((state) => state.texts[lesson.id] ?? lesson.yaml);
  const apply = (): void => {
    typeLines(active, [`kubectl apply -f ${lesson.file}`]);
    set({ part: 'terminal' });
    focusPrompt();
  };
  return (
    <section className={styles.pane} aria-label={t.partEditor}>
      <div className={styles.bar}>
        <a href={lesson.url} target="_blank" rel="noreferrer" title={t.original}>
          {lesson.file}
        </a>
        <span className={styles.spring} />
        <Confirm
          title={t.resetTitle}
          text={t.resetText}
          action={t.reset}
          className="quiet"
          disabled={text === lesson.yaml}
          onConfirm={() => edit(lesson.yaml)}
        >
          <Icon name="reset" />
          {t.reset}
        </Confirm>
        {mode === 'kubectl' && (
          <button type="button" className="primary" onClick={apply}>
            <Icon name="play" />
            {t.apply}
          </button>
        )}
      </div>
      <TextEditor
        key={lesson.id}
        label={t.editorLabel}
        text={text}
        current={() => textOf(lesson.id)}
        onChange={edit}
        diagnostics={diagnostics}
        theme={theme}
      />
      <Problems />
    </section>
  );
}
