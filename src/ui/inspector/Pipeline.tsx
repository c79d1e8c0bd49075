import { useState } from 'react';
import type { Artefact } from '#session/protocol.ts';
import { useText } from '../i18n/index.ts';
import { Icon } from '../shell/Icon.tsx';
import { explain, useSession } from '../stores/session.ts';
import styles from './Inspector.module.css';
import { JsonColumn } from './JsonColumn.tsx';

type Stage = 'manifest' | 'cri' | 'oci';

function download(name: string, value: unknown): void {
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(value, null, 2)}\n`], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** The same container at three stages, side by side, each line with where it came from. */
export function Pipeline() {
  const t = useText();
  const { pods } = useSession((state) => state.view);
  const [choice, setChoice] = useState('');
  const [origin, setOrigin] = useState<{ pointer: string; text: string | null } | null>(null);
  const containers = pods.flatMap((pod) => pod.containers.map((container) => ({ key: `${pod.name}/${container.name}`, pod, container })));
  const chosen = containers.find(({ key }) => key === choice) ?? containers[0];
  const pod = chosen?.pod ?? pods[0];
  if (!pod) return <p className={styles.empty}>{t.noPods}</p>;
  const container = chosen?.container;
  const stages: readonly (readonly [Stage, string, Artefact | null])[] = [
    ['manifest', t.stagePod, pod.manifest],
    ['cri', t.stageCri, container?.cri ?? null],
    ['oci', t.stageOci, container?.oci ?? null],
  ];
  return (
    <div className={styles.pipeline}>
      <div className={styles.choosers}>
        <label>
          <span>{t.container}</span>
          <select value={chosen?.key ?? ''} onChange={(event) => setChoice(event.target.value)}>
            {containers.map(({ key }) => (
              <option key={key} value={key}>
                {key}
              </option>
            ))}
          </select>
        </label>
        <button type="button" disabled={!container?.oci} onClick={() => download('config.json', container?.oci?.json)}>
          <Icon name="download" />
          {t.download}
        </button>
      </div>
      <p className={styles.origin} role="status">
        {origin ? (
          <>
            <code>{origin.pointer || '/'}</code> <strong>{t.origin}:</strong> {origin.text ?? t.noOrigin}
          </>
        ) : (
          t.originHint
        )}
      </p>
      <div className={styles.stages}>
        {stages.map(([stage, title, artefact]) => (
          <section key={stage} aria-label={title}>
            <h3>{title}</h3>
            {artefact ? (
              <JsonColumn
                label={title}
                artefact={artefact}
                onPoint={(pointer, text) => setOrigin({ pointer, text })}
                onAsk={(pointer) =>
                  explain({
                    kind: 'pointer',
                    pod: pod.name,
                    artefact: stage,
                    pointer,
                    ...(container && stage !== 'manifest' ? { container: container.name } : {}),
                  })
                }
              />
            ) : (
              <p className={styles.empty}>{t.notYet}</p>
            )}
          </section>
        ))}
      </div>
    </div>
  );
}
