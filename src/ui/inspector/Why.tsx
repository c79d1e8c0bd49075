import { useText } from '../i18n/index.ts';
import { useEditor } from '../stores/editor.ts';
import { useSession } from '../stores/session.ts';
import { useSettings } from '../stores/settings.ts';
import styles from './Inspector.module.css';

/** The chain of causes of what was last asked about. */
export function Why() {
  const t = useText();
  const explanation = useSession((state) => state.explanation);
  if (explanation === 'asking') return <p className={styles.empty}>{t.asking}</p>;
  if (explanation === null) return <p className={styles.empty}>{t.whyEmpty}</p>;
  return (
    <article className={styles.why} aria-live="polite">
      <h3>{explanation.title}</h3>
      {explanation.answer !== '' && <p className={styles.answer}>{explanation.answer}</p>}
      {explanation.causes.length === 0 && <p>{t.noExplanation}</p>}
      <ol>
        {explanation.causes.map((cause, index) => (
          <li key={index}>
            <strong>{cause.title}</strong>
            <p>{cause.detail}</p>
            <div className={styles.causeFoot}>
              {cause.range && (
                <button
                  type="button"
                  onClick={() => {
                    useSettings.getState().set({ part: 'editor' });
                    if (cause.range) useEditor.setState({ reveal: { start: cause.range.start, end: cause.range.end } });
                  }}
                >
                  {t.showInEditor} ({t.line} {cause.range.line})
                </button>
              )}
              {cause.pointer && <code>{cause.pointer}</code>}
              {cause.citation && (
                <small>
                  {t.source}: {cause.citation}
                </small>
              )}
            </div>
          </li>
        ))}
      </ol>
    </article>
  );
}
