import { useText } from '../i18n/index.ts';
import styles from './Inspector.module.css';
import type { SetName } from './sets.ts';

interface Props {
  readonly name: SetName;
  readonly field: string;
  readonly hex: string;
  readonly other: string | null;
  readonly chosen: boolean;
  onChoose(): void;
}

/** One set as /proc/PID/status writes it; the chosen one shows the four bits behind each digit. */
export function HexRow({ name, field, hex, other, chosen, onChoose }: Props) {
  const t = useText();
  return (
    <label className={styles.hexRow} data-chosen={chosen || undefined}>
      <input type="radio" name="capability-set" checked={chosen} onChange={onChoose} aria-label={`${field} ${hex}`} />
      <span className={styles.setName}>{name}</span>
      <code className={styles.field}>{field}:</code>
      <span className={styles.hex} data-testid={field} data-hex={hex}>
        {[...hex].map((digit, index) => {
          const differs = other !== null && other[index] !== digit;
          return (
            <span
              key={index}
              className={styles.digit}
              data-differs={differs || undefined}
              title={differs ? `≠ ${other?.[index]}` : undefined}
            >
              <span>{digit}</span>
              {chosen && <Nibble digit={digit} lowest={(hex.length - 1 - index) * 4} />}
            </span>
          );
        })}
      </span>
      <span className={styles.verdict}>{other === null ? '' : other === hex ? '=' : `≠ ${other}`}</span>
      {other === hex && <span className="visually-hidden">{t.same}</span>}
    </label>
  );
}

function Nibble({ digit, lowest }: { readonly digit: string; readonly lowest: number }) {
  const value = Number.parseInt(digit, 16);
  return (
    <span className={styles.nibble} aria-hidden="true">
      {[3, 2, 1, 0].map((bit) => (
        <i key={bit} data-on={(value >> bit) & 1 || undefined} title={String(lowest + bit)} />
      ))}
    </span>
  );
}
