import type { ProcessView } from '#session/protocol.ts';
import { useText } from '../i18n/index.ts';
import { explain, useSession } from '../stores/session.ts';
import styles from './Inspector.module.css';
import { allProcesses } from './processes.ts';

/** Who every process is. Each value asks where it came from. */
export function Identity() {
  const t = useText();
  const processes = allProcesses(useSession((state) => state.view));
  if (processes.length === 0) return <p className={styles.empty}>{t.noProcess}</p>;
  const seccomp = [t.seccomp0, t.seccomp1, t.seccomp2];
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t.pod}</th>
          <th scope="col">{t.pid}</th>
          <th scope="col">{t.command}</th>
          <th scope="col" title="real effective saved filesystem">
            uid r/e/s/fs
          </th>
          <th scope="col" title="real effective saved filesystem">
            gid r/e/s/fs
          </th>
          <th scope="col">{t.groups}</th>
          <th scope="col">CapEff</th>
          <th scope="col">no_new_privs</th>
          <th scope="col">seccomp</th>
          <th scope="col">{t.state}</th>
        </tr>
      </thead>
      <tbody>
        {processes.map((process) => (
          <tr key={process.task}>
            <td>
              {process.pod}
              <br />
              <small>{process.container}</small>
            </td>
            <td className={styles.number}>{process.pid}</td>
            <td>
              <code>{process.argv.join(' ') || `[${process.comm}]`}</code>
            </td>
            <td>
              <Quad process={process} field="uid" values={process.uids} />
            </td>
            <td>
              <Quad process={process} field="gid" values={process.gids} />
            </td>
            <td>
              {process.groups.map((group) => (
                <Value key={group} process={process} field="groups" value={String(group)} />
              ))}
            </td>
            <td>
              <Value process={process} field="CapEff" value={process.capabilities.effective} />
            </td>
            <td>
              <Value process={process} field="noNewPrivs" value={process.noNewPrivs ? t.yes : t.no} />
            </td>
            <td>
              <Value process={process} field="seccomp" value={seccomp[process.seccomp] ?? String(process.seccomp)} />
            </td>
            <td>{process.state}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const KINDS = ['real', 'effective', 'saved', 'filesystem'];

/** Four ids; as one where they are equal. */
function Quad({ process, field, values }: { process: ProcessView; field: string; values: readonly number[] }) {
  if (values.every((value) => value === values[0])) return <Value process={process} field={field} value={String(values[0])} />;
  return values.map((value, index) => (
    <Value key={KINDS[index]} process={process} field={field} value={String(value)} kind={KINDS[index]} />
  ));
}

function Value({ process, field, value, kind }: { process: ProcessView; field: string; value: string; kind?: string | undefined }) {
  const t = useText();
  const isList = field === 'groups';
  return (
    <button
      type="button"
      className={styles.value}
      aria-label={`${kind ?? ''} ${field} ${value}, ${t.why}`}
      onClick={() => explain({ kind: 'credential', task: process.task, field, ...(isList ? { value } : {}) })}
    >
      {value}
    </button>
  );
}
