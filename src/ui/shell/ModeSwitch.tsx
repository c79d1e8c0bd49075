import { useText } from '../i18n/index.ts';
import { check } from '../stores/session.ts';
import { type Mode, useSettings } from '../stores/settings.ts';
import styles from './Shell.module.css';

/** Who applies the manifest: the user at the terminal, or each edit. */
export function ModeSwitch() {
  const t = useText();
  const mode = useSettings((state) => state.mode);
  const set = useSettings((state) => state.set);
  const choose = (to: Mode): void => {
    set(to === 'live' ? { mode: to, tab: 'watched' } : { mode: to });
    check();
  };
  return (
    <fieldset className={styles.segmented}>
      <legend className="visually-hidden">{t.mode}</legend>
      {(['kubectl', 'live'] as const).map((id) => (
        <label key={id} title={id === 'live' ? t.modeLiveHelp : t.modeKubectlHelp}>
          <input type="radio" name="mode" checked={mode === id} onChange={() => choose(id)} />
          <span>{id === 'live' ? t.modeLive : t.modeKubectl}</span>
        </label>
      ))}
    </fieldset>
  );
}
