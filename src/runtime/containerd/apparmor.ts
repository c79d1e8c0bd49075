// Which AppArmor profile a container gets, and containerd's own default profile, loaded when it is first needed.
// Counterpart: containerd 2.1 internal/cri/sputil GenerateApparmorSpecOpts; contrib/apparmor/template.go, pipeline.md 17

import { O_WRONLY } from '#abi/flags.ts';
import type { Program } from '#kernel/uapi/index.ts';
import type { LinuxContainerSecurityContext } from '../cri.ts';
import { readFile, writeFile } from '../runc/paths.ts';

const SECURITYFS = '/sys/kernel/security/apparmor';
const DEFAULT_NAME = 'cri-containerd.apparmor.d';

/** Everything but mounting, and writing to the parts of /proc and /sys that are not namespaced. */
const DEFAULT_PROFILE = `
#include <tunables/global>
profile ${DEFAULT_NAME} flags=(attach_disconnected,mediate_deleted) {
  #include <abstractions/base>
  network,
  capability,
  file,
  umount,
  signal (receive) peer=unconfined,
  signal (receive) peer=runc,
  signal (receive) peer=crun,
  signal (send,receive) peer=${DEFAULT_NAME},
  ptrace (trace,tracedby,read,readby) peer=${DEFAULT_NAME},
  deny mount,
  deny @{PROC}/* w,
  deny @{PROC}/{[^1-9],[^1-9][^0-9],[^1-9s][^0-9y][^0-9s],[^1-9][^0-9][^0-9][^0-9]*}/** w,
  deny @{PROC}/sys/[^k]** w,
  deny @{PROC}/sys/kernel/{?,??,[^s][^h][^m]**} w,
  deny @{PROC}/{sysrq-trigger,mem,kmem,kcore} rwklx,
  deny /sys/[^f]*/** wklx,
  deny /sys/f[^s]*/** wklx,
  deny /sys/fs/[^c]*/** wklx,
  deny /sys/fs/c[^g]*/** wklx,
  deny /sys/fs/cg[^r]*/** wklx,
  deny /sys/firmware/** rwklx,
  deny /sys/devices/virtual/powercap/** rwklx,
  deny /sys/kernel/security/** rwklx,
}
`;

export type ApparmorResult = { readonly ok: true; readonly value?: string } | { readonly ok: false; readonly message: string };

/** The profile's name for the process, none for an unconfined one, or containerd's error text. */
export function* apparmorFor({ apparmor: asked, privileged }: LinuxContainerSecurityContext): Program<ApparmorResult> {
  const fail = (message: string): ApparmorResult => ({ ok: false, message: `failed to get container spec opts: ${message}` });
  const enabled: string = yield* readFile('/sys/module/apparmor/parameters/enabled');
  if (!enabled.startsWith('Y')) {
    const wanted = asked !== undefined && asked.profile_type !== 'Unconfined';
    return wanted ? fail('failed to generate apparmor spec opts: apparmor is not supported') : { ok: true };
  }
  if (asked?.profile_type === 'Unconfined' || (privileged && asked?.profile_type !== 'Localhost')) return { ok: true };
  const text: string = yield* readFile(`${SECURITYFS}/profiles`);
  const loaded = (name: string): boolean => text.split('\n').some((line) => line.startsWith(`${name} (`));
  if (asked?.profile_type === 'Localhost') {
    const name = asked.localhost_ref.replace(/^localhost\//, '');
    return loaded(name) ? { ok: true, value: name } : fail(`failed to generate apparmor spec opts: apparmor profile not found ${name}`);
  }
  if (!loaded(DEFAULT_NAME)) yield* writeFile(`${SECURITYFS}/.replace`, DEFAULT_PROFILE, 0, O_WRONLY);
  return { ok: true, value: DEFAULT_NAME };
}
