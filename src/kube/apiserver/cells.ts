// What the cells of several tables have in common.
// Counterpart: kubernetes/pkg/printers/internalversion/printers.go, v1.36.

import type { KubeObject } from '../api/object.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects are open JSON
type Json = any;

export interface Columns {
  readonly names: readonly string[];
  readonly wide: readonly string[];
  readonly row: (object: KubeObject, now: bigint) => readonly unknown[];
}

/** Counterpart: apimachinery/pkg/util/duration HumanDuration. */
export function humanDuration(totalSeconds: number): string {
  const s = Math.floor(totalSeconds);
  if (s < 0) return s < -1 ? '<invalid>' : '0s';
  const m = Math.floor(s / 60);
  const h = Math.floor(s / 3600);
  const d = Math.floor(h / 24);
  const pair = (big: string, small: number, unit: string): string => (small === 0 ? big : `${big}${small}${unit}`);
  if (s < 120) return `${s}s`;
  if (m < 10) return pair(`${m}m`, s % 60, 's');
  if (m < 180) return `${m}m`;
  if (h < 8) return pair(`${h}h`, m % 60, 'm');
  if (h < 48) return `${h}h`;
  if (h < 192) return pair(`${d}d`, h % 24, 'h');
  if (d < 730) return `${d}d`;
  const y = Math.floor(d / 365);
  return d < 2920 ? pair(`${y}y`, d % 365, 'd') : `${y}y`;
}

export const ago = (time: string | null | undefined, now: bigint): string =>
  time ? humanDuration(Number(now / 1_000_000n) / 1000 - parseTime(time)) : '<unknown>';

/** Seconds since 1970 of an RFC 3339 text. */
export const parseTime = (text: string): number => new Date(text).getTime() / 1000;

export const age = (object: KubeObject, now: bigint): string => ago(object.metadata.creationTimestamp, now);
export const count = (value: object | undefined): number => Object.keys(value ?? {}).length;

export const capacity = (list: Json): string => list?.storage ?? '';
const MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};
export const modes = (list: readonly string[] | undefined): string => (list ?? []).map((mode) => MODES[mode] ?? mode).join(',');
export const images = (template: Json): [string, string] => [
  (template?.spec?.containers ?? []).map((c: Json) => c.name).join(','),
  (template?.spec?.containers ?? []).map((c: Json) => c.image).join(','),
];
export const selectorText = (selector: Json): string =>
  Object.entries(selector?.matchLabels ?? {})
    .map(([k, v]) => `${k}=${v}`)
    .join(',') || '<none>';
