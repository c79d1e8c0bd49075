import { TUTORIAL_PODS } from '#content/pods.ts';
import { usePick, useText } from '../i18n/index.ts';
import { chooseLesson, startSession } from '../stores/session.ts';
import { useSettings } from '../stores/settings.ts';
import { Confirm } from './Confirm.tsx';
import { DisplayControls } from './DisplayControls.tsx';
import { useMedia } from './hooks.ts';
import { Icon } from './Icon.tsx';
import { ModeSwitch } from './ModeSwitch.tsx';
import styles from './Shell.module.css';
import { Simulated } from './Simulated.tsx';

export function Header() {
  const t = useText();
  const pick = usePick();
  const lesson = useSettings((state) => state.lesson);
  const scale = useSettings((state) => state.scale);
  const folded = useMedia(`(max-width: ${scale * 11}px)`);
  return (
    <header className={styles.header}>
      <h1 className={styles.brand}>
        <Icon name="shield" />
        <span>{t.title}</span>
      </h1>
      <div className={`${styles.field} ${styles.lessonChoice}`}>
        <select aria-label={t.lesson} value={lesson} onChange={(event) => chooseLesson(event.target.value)}>
          {TUTORIAL_PODS.map((pod) => (
            <option key={pod.id} value={pod.id}>
              {pod.id}. {pick(pod.title)}
            </option>
          ))}
        </select>
      </div>
      <ModeSwitch />
      <div className={styles.spring} />
      {folded ? (
        <details
          className={styles.menu}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.currentTarget.open = false;
            event.currentTarget.querySelector('summary')?.focus();
          }}
        >
          <summary aria-label={t.settings}>
            <Icon name="sun" />
            <span>{t.settings}</span>
          </summary>
          <div className={styles.menuBody}>
            <DisplayControls />
            <Simulated />
            <Restart />
          </div>
        </details>
      ) : (
        <>
          <DisplayControls />
          <Simulated />
          <Restart />
        </>
      )}
    </header>
  );
}

function Restart() {
  const t = useText();
  return (
    <Confirm title={t.restartTitle} text={t.restartText} action={t.restart} onConfirm={startSession}>
      {t.restart}
    </Confirm>
  );
}
