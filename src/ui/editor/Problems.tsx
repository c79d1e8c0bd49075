import { useText } from '../i18n/index.ts';
import { Icon } from '../shell/Icon.tsx';
import { useEditor } from '../stores/editor.ts';
import { useSettings } from '../stores/settings.ts';
import styles from './Editor.module.css';

/** What is wrong with the manifest, as a list; a click shows the place. */
export function Problems() {
  const t = useText();
  const diagnostics = useEditor((state) => state.diagnostics);
  const names = { error: t.error, warning: t.warning, info: t.info };
  return (
    <div className={styles.problems}>
      <p role="status" className={diagnostics.length === 0 ? styles.fine : 'visually-hidden'}>
        {diagnostics.length === 0 ? (
          <>
            <Icon name="check" /> {t.noProblems}
          </>
        ) : (
          `${t.problems}: ${diagnostics.length}`
        )}
      </p>
      {diagnostics.length > 0 && (
        <ul aria-label={t.problems}>
          {diagnostics.map((diagnostic, index) => (
            <li key={index} data-severity={diagnostic.severity}>
              <button
                type="button"
                disabled={diagnostic.range === null}
                onClick={() => {
                  useSettings.getState().set({ part: 'editor' });
                  if (diagnostic.range) useEditor.setState({ reveal: { start: diagnostic.range.start, end: diagnostic.range.end } });
                }}
              >
                <Icon name={diagnostic.severity} />
                <span className="visually-hidden">{names[diagnostic.severity]}: </span>
                <span className={styles.message}>{diagnostic.message}</span>
                {diagnostic.range && (
                  <span className={styles.place}>
                    {t.line} {diagnostic.range.line}
                  </span>
                )}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
