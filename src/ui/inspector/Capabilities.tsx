import { useState } from 'react';
import { CONTAINERD_DEFAULT_CAPABILITIES } from '#content/pods.ts';
import type { CapabilityView } from '#session/protocol.ts';
import { useText } from '../i18n/index.ts';
import { lessonById } from '../stores/editor.ts';
import { useSession } from '../stores/session.ts';
import { useSettings } from '../stores/settings.ts';
import { BitTable } from './BitTable.tsx';
import { HexRow } from './HexRow.tsx';
import styles from './Inspector.module.css';
import { allProcesses, processName } from './processes.ts';
import { FIELD, SETS, type SetName } from './sets.ts';

const NONE = '0000000000000000';
const DEFAULT: CapabilityView = {
  inheritable: NONE,
  permitted: CONTAINERD_DEFAULT_CAPABILITIES,
  effective: CONTAINERD_DEFAULT_CAPABILITIES,
  bounding: CONTAINERD_DEFAULT_CAPABILITIES,
  ambient: NONE,
};

/** The five sets of one process, as digits and as bits, against another. */
export function Capabilities() {
  const t = useText();
  const view = useSession((state) => state.view);
  const [task, setTask] = useState<number | null>(null);
  const [against, setAgainst] = useState('default');
  const [chosen, setChosen] = useState<SetName>('effective');
  const [all, setAll] = useState(true);
  const lesson = lessonById(useSettings((state) => state.lesson));
  const processes = allProcesses(view);
  const process =
    processes.find((candidate) => candidate.task === task) ?? processes.find((candidate) => candidate.pod === lesson.pod) ?? processes[0];
  if (!process) return <p className={styles.empty}>{t.noProcess}</p>;
  const other = against === 'default' ? DEFAULT : (processes.find((candidate) => String(candidate.task) === against)?.capabilities ?? null);
  const count = BigInt(`0x${process.capabilities.effective}`).toString(2).replaceAll('0', '').length;
  return (
    <div className={styles.capabilities}>
      <div className={styles.choosers}>
        <label>
          <span>{t.process}</span>
          <select value={process.task} onChange={(event) => setTask(Number(event.target.value))}>
            {processes.map((candidate) => (
              <option key={candidate.task} value={candidate.task}>
                {processName(candidate)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t.compareWith}</span>
          <select value={other ? against : 'none'} onChange={(event) => setAgainst(event.target.value)}>
            <option value="default">
              {t.compareDefault} ({CONTAINERD_DEFAULT_CAPABILITIES})
            </option>
            <option value="none">{t.compareNone}</option>
            {processes
              .filter((candidate) => candidate.task !== process.task)
              .map((candidate) => (
                <option key={candidate.task} value={String(candidate.task)}>
                  {processName(candidate)}
                </option>
              ))}
          </select>
        </label>
      </div>
      <fieldset className={styles.hexRows}>
        <legend className="visually-hidden">{t.set}</legend>
        {SETS.map((set) => (
          <HexRow
            key={set}
            name={set}
            field={FIELD[set]}
            hex={process.capabilities[set]}
            other={other?.[set] ?? null}
            chosen={set === chosen}
            onChoose={() => setChosen(set)}
          />
        ))}
      </fieldset>
      <p className={styles.sentence}>
        {count} {t.hasCaps}. {t.boundingHelp}
      </p>
      <label className={styles.checkbox}>
        <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />
        <span>{t.showAll}</span>
      </label>
      <BitTable process={process} other={other} chosen={chosen} all={all} />
    </div>
  );
}
