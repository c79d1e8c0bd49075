import { useText } from '../i18n/index.ts';
import { Icon } from '../shell/Icon.tsx';
import { TabList } from '../shell/Tabs.tsx';
import { closeTerminal, openTerminal } from '../stores/session.ts';
import { useTerminals } from '../stores/terminals.ts';
import styles from './Terminal.module.css';
import { Terminal } from './Terminal.tsx';

/** The terminals as tabs. */
export function TerminalPane() {
  const t = useText();
  const { terminals, active } = useTerminals();
  const terminal = terminals.find(({ id }) => id === active);
  return (
    <section className={styles.pane} aria-label={t.terminal}>
      <div className={styles.bar}>
        <TabList
          base="terminal-"
          label={t.terminal}
          selected={active}
          onSelect={(id) => useTerminals.setState({ active: id })}
          panelOf={() => 'terminal-panel'}
          tabs={terminals.map(({ id, status }) => ({
            id,
            label: `${t.terminal} ${id}`,
            badge: status === 'busy' ? <span className={styles.busy} title={t.busy} /> : null,
          }))}
        />
        <button type="button" className="quiet" aria-label={t.newTerminal} title={t.newTerminal} onClick={openTerminal}>
          <Icon name="plus" />
        </button>
        <span className={styles.spring} />
        {terminals.length > 1 && (
          <button
            type="button"
            className="quiet"
            aria-label={`${t.closeTerminal} ${active}`}
            title={t.closeTerminal}
            onClick={() => closeTerminal(active)}
          >
            <Icon name="close" />
          </button>
        )}
      </div>
      <div role="tabpanel" id="terminal-panel" aria-labelledby={`terminal-${active}`} className={styles.body}>
        {terminal && <Terminal key={terminal.id} terminal={terminal} />}
      </div>
    </section>
  );
}
