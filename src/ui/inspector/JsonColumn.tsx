import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import type { Artefact } from '#session/protocol.ts';
import styles from './Inspector.module.css';
import { jsonLines, originOf } from './jsonLines.ts';

interface Props {
  readonly label: string;
  readonly artefact: Artefact;
  onPoint(pointer: string, origin: string | null): void;
  onAsk(pointer: string): void;
}

/** A JSON document whose lines can be walked with the arrow keys; Enter asks why. */
export function JsonColumn({ label, artefact, onPoint, onAsk }: Props) {
  const base = useId();
  const lines = useMemo(() => jsonLines(artefact.json), [artefact]);
  const [active, setActive] = useState(0);
  const point = (index: number): void => {
    const line = lines[index];
    if (!line) return;
    setActive(index);
    onPoint(line.pointer, originOf(artefact.origins, line.pointer));
  };
  const key = (event: KeyboardEvent): void => {
    const to =
      event.key === 'ArrowDown'
        ? active + 1
        : event.key === 'ArrowUp'
          ? active - 1
          : event.key === 'Home'
            ? 0
            : event.key === 'End'
              ? lines.length - 1
              : null;
    if (event.key === 'Enter') onAsk(lines[active]?.pointer ?? '');
    else if (to !== null) {
      const index = Math.max(0, Math.min(lines.length - 1, to));
      point(index);
      document.getElementById(`${base}${index}`)?.scrollIntoView({ block: 'nearest' });
    } else return;
    event.preventDefault();
  };
  return (
    <div
      role="listbox"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={`${base}${active}`}
      className={styles.json}
      onKeyDown={key}
      onFocus={() => point(active)}
    >
      {lines.map((line, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the list handles the keys for its options
        <div
          key={index}
          id={`${base}${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          data-origin={artefact.origins[line.pointer] === undefined ? undefined : ''}
          style={{ paddingInlineStart: `${line.depth * 1.1 + 0.4}em` }}
          onMouseEnter={() => point(index)}
          onClick={() => onAsk(line.pointer)}
        >
          {line.text}
        </div>
      ))}
    </div>
  );
}
