import { useText } from '../i18n/index.ts';
import { useSession } from '../stores/session.ts';
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
            <td>{event.message}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
