// Disks: what is on one stays when it is unmounted, and is the same file system wherever it is mounted.

import { err, type Kernel, ok, type Res } from '../context.ts';
import { withState } from '../copy.ts';
import { logLine } from '../lsm/audit.ts';
import type { Superblock } from '../state.ts';

/** The node's own disk is not among them: it is the root, and the runtime keeps layers of images as file systems of their own there. */
const NODE_DISK = '/dev/sda1';

/** Is it the file system of a disk, which outlives its mounts? */
export const onDisk = ({ fstype, source }: Superblock): boolean => fstype === 'ext4' && source.startsWith('/dev/') && source !== NODE_DISK;

function shared(k: Kernel, id: number, there: Superblock, asked: Superblock): Res<number> {
  if (there.readonly !== asked.readonly) return err('EBUSY');
  if (there.context === asked.context) return ok(id);
  const device = `(dev ${there.source.replace('/dev/', '')}, type ${there.fstype})`;
  logLine(k, `SELinux: mount invalid.  Same superblock, different security settings for ${device}`);
  return err('EBUSY');
}

/**
 * The file system that is already on the disk of a new superblock. Mounted nowhere, it takes the new options; otherwise they
 * must be the same: EBUSY. Undefined: the disk is empty. Counterpart: sget_dev, selinux_cmp_sb_context
 */
export function diskContents(k: Kernel, asked: Superblock): Res<number | undefined> {
  if (!onDisk(asked)) return ok(undefined);
  for (const [id, there] of k.state.superblocks.entries()) {
    if (!onDisk(there) || there.source !== asked.source) continue;
    if (k.state.mounts.some((mount) => mount.sb === id)) return shared(k, id, there, asked);
    const { context: _, ...contents } = there;
    const { context, options, readonly } = asked;
    const mounted = { ...contents, options, readonly, ...(context !== undefined && { context }) };
    k.state = withState(k.state, { superblocks: k.state.superblocks.set(id, mounted) });
    return ok(id);
  }
  return ok(undefined);
}
