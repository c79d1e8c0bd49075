// The kernel's file systems: everything other folders of the kernel use of them.

import './pipes.ts';
import './streams.ts';
import { attributeHandlers } from './attributes.ts';
import { bulkHandlers } from './bulk.ts';
import { ioHandlers } from './io.ts';
import { lockHandlers } from './locks.ts';
import { mountHandlers } from './mountcalls.ts';
import { nameHandlers } from './names.ts';
import { openHandlers } from './open.ts';
import { pathHandlers } from './paths.ts';
import { renameHandlers } from './rename.ts';
import { xattrHandlers } from './xattr.ts';

/** Handlers of all calls on files and mounts. */
export const fsHandlers = {
  ...bulkHandlers,
  ...openHandlers,
  ...ioHandlers,
  ...lockHandlers,
  ...pathHandlers,
  ...nameHandlers,
  ...renameHandlers,
  ...attributeHandlers,
  ...xattrHandlers,
  ...mountHandlers,
};

export { populateTree, type TreeSpec } from './bulk.ts';
export { type ExecFile, execLookup } from './exec.ts';
export { closeFds, dupFdTable, registerFileOps } from './files.ts';
export { createSuperblock, inodeAt, mountOf, superblockOf } from './inodes.ts';
export { copyMountNs, mountinfoText, mountsText } from './mounts.ts';
export { locationPath, walk } from './namei.ts';
export { genericPermission, inodePermission } from './permission.ts';
export { releaseMountNs } from './reclaim.ts';
