// `up 3 min` as uptime, w and top say it.

import type { Program } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';

/** Counterpart: sprint_uptime of procps; uptime.c of busybox */
export function* upFor(): Program<string> {
  const info = yield* sys.sysinfo();
  const up = info.ok ? Math.floor(info.value.uptime) : 0;
  const [days, hours, minutes] = [Math.floor(up / 86400), Math.floor(up / 3600) % 24, Math.floor(up / 60) % 60];
  const clock = hours ? `${String(hours).padStart(2)}:${String(minutes).padStart(2, '0')}` : `${minutes} min`;
  return `up ${days ? `${days} day${days === 1 ? '' : 's'}, ` : ''}${clock}`;
}
