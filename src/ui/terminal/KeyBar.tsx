import { useText } from '../i18n/index.ts';
import styles from './Terminal.module.css';
import type { SpecialKey } from './useLineKeys.ts';

const KEYS: readonly (readonly [SpecialKey, string])[] = [
  ['tab', 'Tab'],
  ['up', '↑'],
  ['down', '↓'],
  ['ctrl-c', 'Ctrl-C'],
  ['ctrl-d', 'Ctrl-D'],
  ['ctrl-l', 'Ctrl-L'],
];

/** Keys that a touch keyboard lacks; shown on such devices only. */
export function KeyBar({ press }: { press(key: SpecialKey): void }) {
  const t = useText();
  return (
    <div className={styles.keybar} role="group" aria-label={t.keys}>
      {KEYS.map(([key, label]) => (
        <button key={key} type="button" onPointerDown={(event) => event.preventDefault()} onClick={() => press(key)}>
          {label}
        </button>
      ))}
    </div>
  );
}
