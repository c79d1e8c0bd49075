import { useRef, useState } from 'react';
import type { FidelityRow } from '#content/fidelity.ts';
import { usePick, useText } from '../i18n/index.ts';
import styles from './Shell.module.css';

/** A button that opens the page "What is simulated"; the table is fetched when it is asked for. */
export function Simulated() {
  const t = useText();
  const pick = usePick();
  const dialog = useRef<HTMLDialogElement>(null);
  const [rows, setRows] = useState<readonly FidelityRow[]>([]);
  const names = { full: t.fidelityFull, partial: t.fidelityPartial, refused: t.fidelityRefused };
  const open = async (): Promise<void> => {
    dialog.current?.showModal();
    setRows((await import('#content/fidelity.ts')).FIDELITY);
  };
  return (
    <>
      <button type="button" aria-label={t.simulated} title={t.simulated} onClick={() => void open()}>
        ?
      </button>
      <dialog ref={dialog} className={`${styles.dialog} ${styles.wide}`} aria-label={t.simulated}>
        <h2>{t.simulated}</h2>
        <p>{t.about}</p>
        <dl className={styles.fidelity}>
          {rows.map((row) => (
            <div key={row.area.en}>
              <dt>
                {pick(row.area)} <small>{names[row.fidelity]}</small>
              </dt>
              <dd>{pick(row.note)}</dd>
            </div>
          ))}
        </dl>
        <form method="dialog" className={styles.dialogButtons}>
          <button type="submit">{t.close}</button>
        </form>
      </dialog>
    </>
  );
}
