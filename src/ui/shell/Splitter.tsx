import type { KeyboardEvent, PointerEvent } from 'react';
import styles from './Shell.module.css';

interface Props {
  readonly label: string;
  readonly orientation: 'vertical' | 'horizontal'; // of the bar
  readonly value: number; // percent
  onChange(value: number): void;
}

const MIN = 20;
const MAX = 80;
const clamp = (value: number): number => Math.min(MAX, Math.max(MIN, Math.round(value * 10) / 10));

/** A bar between two parts; dragged, or moved with the arrow keys. */
export function Splitter({ label, orientation, value, onChange }: Props) {
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const box = event.currentTarget.parentElement?.getBoundingClientRect();
    if (!box) return;
    const part = orientation === 'vertical' ? (event.clientX - box.left) / box.width : (event.clientY - box.top) / box.height;
    onChange(clamp(part * 100));
  };
  const key = (event: KeyboardEvent): void => {
    const less = orientation === 'vertical' ? 'ArrowLeft' : 'ArrowUp';
    const more = orientation === 'vertical' ? 'ArrowRight' : 'ArrowDown';
    if (event.key === less) onChange(clamp(value - 2));
    else if (event.key === more) onChange(clamp(value + 2));
    else if (event.key === 'Home') onChange(MIN);
    else if (event.key === 'End') onChange(MAX);
    else return;
    event.preventDefault();
  };
  return (
    // A focusable separator is a window splitter, which <hr> is not
    <div
      className={orientation === 'vertical' ? styles.splitterV : styles.splitterH}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={value}
      aria-valuemin={MIN}
      aria-valuemax={MAX}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={key}
    />
  );
}
