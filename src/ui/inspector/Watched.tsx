import { type FormEvent, useState } from 'react';
import type { WatchResult } from '#session/protocol.ts';
import { useText } from '../i18n/index.ts';
import { check, useSession } from '../stores/session.ts';
import { useSettings } from '../stores/settings.ts';
import { textChanges } from './changes.ts';
import styles from './Inspector.module.css';

/** Live mode: what the watched commands print now, with what changed since the last edit. */
export function Watched() {
  const t = useText();
  const { mode, pinned, set } = useSettings();
  const { watch, watchBefore, applied } = useSession();
  const [command, setCommand] = useState('');
  if (mode !== 'live') {
    return (
      <div className={styles.empty}>
        <p>{t.watchedOff}</p>
        <button
          type="button"
          className="primary"
          onClick={() => {
            set({ mode: 'live' });
            check();
          }}
        >
          {t.switchLive}
        </button>
      </div>
    );
  }
  const pin = (event: FormEvent): void => {
    event.preventDefault();
    const text = command.trim();
    if (text === '') return;
    set({ pinned: [...pinned.filter((other) => other !== text), text] });
    setCommand('');
    check();
  };
  return (
    <div className={styles.watched}>
      {applied === false && <p className={styles.stale}>{t.notApplied}</p>}
      {watch.map((result) => (
        <Result
          key={result.command}
          result={result}
          before={watchBefore.find((other) => other.command === result.command)}
          onUnpin={
            pinned.includes(result.command)
              ? () => {
                  set({ pinned: pinned.filter((other) => other !== result.command) });
                  check();
                }
              : null
          }
        />
      ))}
      <form className={styles.pin} onSubmit={pin}>
        <label>
          <span>{t.pin}</span>
          <input
            value={command}
            onChange={(event) => setCommand(event.target.value)}
            placeholder="ls -l /"
            spellCheck={false}
            autoCapitalize="none"
          />
        </label>
        <button type="submit">{t.pinButton}</button>
      </form>
    </div>
  );
}

interface ResultProps {
  readonly result: WatchResult;
  readonly before: WatchResult | undefined;
  readonly onUnpin: (() => void) | null;
}

function Result({ result, before, onUnpin }: ResultProps) {
  const t = useText();
  const pieces = textChanges(before ? before.stdout + before.stderr : null, result.stdout + result.stderr);
  const changed = pieces.some((piece) => piece.changed);
  return (
    <details className={styles.result} open>
      <summary>
        <code>{result.command}</code>
        <small data-changed={changed || undefined}>
          {before ? (changed ? t.changed : t.unchanged) : ''}
          {result.exitCode === null ? ` ${t.stopped}` : result.exitCode !== 0 ? ` ${t.exitCode} ${result.exitCode}` : ''}
        </small>
      </summary>
      <pre tabIndex={0}>{pieces.map((piece, index) => (piece.changed ? <mark key={index}>{piece.text}</mark> : piece.text))}</pre>
      {onUnpin && (
        <button type="button" className="quiet" onClick={onUnpin}>
          {t.unpin}
        </button>
      )}
    </details>
  );
}
