import { useState } from 'react';
import { CAPABILITY_TEXTS } from '#content/capabilities.ts';
import { CONTAINERD_DEFAULT_CAPABILITIES } from '#content/pods.ts';
import type { CapabilityView, ProcessView } from '#session/protocol.ts';
import { usePick, useText } from '../i18n/index.ts';
import { textOf } from '../stores/editor.ts';
import { edit, explain } from '../stores/session.ts';
import { useSettings } from '../stores/settings.ts';
import styles from './Inspector.module.css';
import { FIELD, SETS, type SetName } from './sets.ts';

interface Props {
  readonly process: ProcessView;
  readonly other: CapabilityView | null;
  readonly chosen: SetName;
  readonly all: boolean;
}

const has = (hex: string, bit: number): boolean => ((BigInt(`0x${hex}`) >> BigInt(bit)) & 1n) === 1n;

/** Edits the manifest on screen; false where it has no such container. */
async function switchBit(process: ProcessView, bit: number, name: string, on: boolean): Promise<boolean> {
  const { changeCapability } = await import('../editor/changeCapability.ts');
  const text = textOf(useSettings.getState().lesson);
  const changed = changeCapability(text, process.container, name.replace('CAP_', ''), on, has(CONTAINERD_DEFAULT_CAPABILITIES, bit));
  if (changed !== null) edit(changed);
  return changed !== null;
}

/** The 41 bits by name; a bit asks why, and in the bounding set switches. */
export function BitTable({ process, other, chosen, all }: Props) {
  const t = useText();
  const pick = usePick();
  const [refused, setRefused] = useState(false);
  const sets = process.capabilities;
  const rows = CAPABILITY_TEXTS.filter(({ bit }) => all || SETS.some((set) => has(sets[set], bit) || (other && has(other[set], bit))));
  return (
    <>
      <p role="status" className={refused ? styles.stale : 'visually-hidden'}>
        {refused && `${t.notInManifest} ${process.container}`}
      </p>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t.bit}</th>
            <th scope="col">{t.capability}</th>
            {SETS.map((set) => (
              <th key={set} scope="col" className={styles.setColumn} data-chosen={set === chosen || undefined} title={set}>
                {FIELD[set].slice(3)}
                <span className="visually-hidden"> {set}</span>
              </th>
            ))}
            <th scope="col">{t.meaning}</th>
            <th scope="col">{t.needsIt}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ bit, name, meaning, command }) => (
            <tr key={bit}>
              <td className={styles.number}>{bit}</td>
              <th scope="row">
                <code>{name}</code>
              </th>
              {SETS.map((set) => {
                const on = has(sets[set], bit);
                const differs = other !== null && has(other[set], bit) !== on;
                const mark = differs ? (on ? '+' : '−') : on ? '●' : '·';
                const state = `${on ? t.on : t.off}${differs ? `, ${on ? t.added : t.removed}` : ''}`;
                return (
                  <td key={set} className={styles.bitCell} data-chosen={set === chosen || undefined}>
                    <button
                      type="button"
                      className={styles.bitButton}
                      data-on={on || undefined}
                      data-differs={differs || undefined}
                      aria-label={`${name} ${set}: ${state}`}
                      aria-pressed={set === 'bounding' ? on : undefined}
                      onClick={() =>
                        set === 'bounding'
                          ? void switchBit(process, bit, name, !on).then((done) => setRefused(!done))
                          : explain({ kind: 'credential', task: process.task, field: FIELD[set], value: name })
                      }
                    >
                      {mark}
                    </button>
                  </td>
                );
              })}
              <td>{pick(meaning)}</td>
              <td>
                <code>{command}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
