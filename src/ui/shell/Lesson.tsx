import { useState } from 'react';
import { usePick, useText } from '../i18n/index.ts';
import { lessonById } from '../stores/editor.ts';
import { typeLines } from '../stores/session.ts';
import { useSettings } from '../stores/settings.ts';
import { useTerminals } from '../stores/terminals.ts';
import { focusPrompt } from '../terminal/focus.ts';
import { Icon } from './Icon.tsx';
import styles from './Shell.module.css';

/** What the lesson is about, and the commands to try; a click types one into the terminal. */
export function Lesson() {
  const t = useText();
  const pick = usePick();
  const lessonId = useSettings((state) => state.lesson);
  const set = useSettings((state) => state.set);
  const active = useTerminals((state) => state.active);
  const [done, setDone] = useState<Readonly<Record<string, true>>>({});
  const lesson = lessonById(lessonId);
  const run = (index: number, command: string): void => {
    typeLines(active, [command]);
    setDone({ ...done, [`${lesson.id}.${index}`]: true });
    set({ part: 'terminal' });
    focusPrompt();
  };
  return (
    <section className={styles.lesson} aria-label={`${t.lesson} ${lesson.id}`}>
      <details open>
        <summary>
          <h2>
            {lesson.id}. {pick(lesson.title)}
          </h2>
        </summary>
        <p>{pick(lesson.hint)}</p>
        <ol className={styles.steps} aria-label={t.steps}>
          {lesson.steps.map((step, index) => {
            const finished = done[`${lesson.id}.${index}`];
            return (
              <li key={`${index} ${step.run}`}>
                <button
                  type="button"
                  title={`${pick(step.note)} (${step.inside ? t.stepInside : t.stepHost})`}
                  data-inside={step.inside || undefined}
                  onClick={() => run(index, step.run)}
                >
                  <span className={styles.sigil} aria-hidden="true">
                    {finished ? <Icon name="check" /> : step.inside ? '/ $' : '$'}
                  </span>
                  <code>{step.run}</code>
                  <span className="visually-hidden">{` ${pick(step.note)}${finished ? `, ${t.done}` : ''}`}</span>
                </button>
              </li>
            );
          })}
        </ol>
      </details>
    </section>
  );
}
