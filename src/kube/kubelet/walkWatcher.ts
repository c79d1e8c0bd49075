// A walk through a big volume takes time, and says so in events.

import { sys } from '#kernel/uapi/index.ts';
import type { KubeObject } from '../api/object.ts';
import type { Watcher } from './ownership.ts';
import type { VolumeContext } from './setUp.ts';

const SECOND = 1_000_000_000n;
const FIRST_REPORT = 30n * SECOND;
const REPORT_EVERY = 60n * SECOND;
/** What lstat, lchown and chmod of one file take on a disk over the network. */
const NS_PER_FILE = 100_000n;
const STEP = SECOND / 10n;
const ADVICE =
  'is taking longer than expected, consider using OnRootMismatch - https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#configure-volume-permission-and-ownership-change-policy-for-pods';

/**
 * Lets simulated time pass with the files and reports a walk of more than half a minute.
 * Counterpart: AddProgressNotifier and monitorProgress, pkg/volume/volume_linux.go, Kubernetes 1.36.
 * Deviates: every file takes the same time.
 */
export const walkWatcher =
  (pod: KubeObject, event: VolumeContext['event']): Watcher =>
  (directory) => {
    const uid = pod.metadata.uid as string;
    const shown = directory.slice(Math.max(0, directory.indexOf(uid)));
    let files = 0;
    let elapsed = 0n;
    let owed = 0n;
    let next = FIRST_REPORT;
    return function* (count) {
      files += count;
      owed += BigInt(count) * NS_PER_FILE;
      while (owed >= STEP) {
        owed -= STEP;
        elapsed += STEP;
        yield* sys.nanosleep(STEP);
        if (elapsed < next) continue;
        const how = next === FIRST_REPORT ? ` ${ADVICE}` : `, processed ${files - Number(owed / NS_PER_FILE)} files.`;
        event('Warning', 'VolumePermissionChangeInProgress', `Setting volume ownership for ${shown}${how}`);
        next += REPORT_EVERY;
      }
    };
  };
