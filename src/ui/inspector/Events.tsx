import { useText } from '../i18n/index.ts';
import { explain, useSession } from '../stores/session.ts';
import styles from './Inspector.module.css';

/** The cluster's events, as `kubectl get events` has them. */
export function Events() {
  const t = useText();
  const { events } = useSession((state) => state.view);
  if (events.length === 0) return <p className={styles.empty}>{t.noEvents}</p>;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {[t.age, t.type, t.reason, t.object, t.message].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {events.map((event, index) => (
          <tr key={index} data-type={event.type}>
            <td className={styles.number}>{event.age}</td>
            <td>{event.type}</td>
            <td>{event.reason}</td>
            <td>{event.object}</td>
            <td>
              {event.message}
              {event.cause !== undefined && (
                <button type="button" className={styles.ask} onClick={() => explain({ kind: 'denial', record: event.cause as number })}>
                  {t.why}
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
