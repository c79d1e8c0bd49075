// capget(2), capset(2) and the credential parts of prctl(2). Counterpart: security/commoncap.c

import { CAP_NONE, CAPABILITIES, type CapSet, capNames } from '#abi/capability.ts';
import { SECBIT_KEEP_CAPS, SECBIT_NO_CAP_AMBIENT_RAISE } from '#abi/flags.ts';
import type { RuleId } from '#provenance/rules.ts';
import type { Check } from '#provenance/verdict.ts';
import { DONE, err, type Handlers, type Outcome, ok, refuse } from '../context.ts';
import type { Credentials } from '../state.ts';
import { taskByPid } from '../task/ids.ts';
import { withStep } from './change.ts';
import { need } from './need.ts';

const ALL_SECUREBITS = 0x55;
const ALL_SECURE_LOCKS = 0xaa;
const KEEP_CAPS_LOCKED = 0x20;

const subset = (small: CapSet, big: CapSet): boolean => (small & ~big) === CAP_NONE;

export const capsetHandlers: Handlers<'capget' | 'capset' | 'prctl'> = {
  capget(k, task, pid) {
    if (pid < 0) return err('EINVAL');
    const target = pid === 0 ? task : taskByPid(k, task, pid);
    if (target === undefined) return err('ESRCH');
    const { effective, permitted, inheritable } = target.cred;
    return ok({ effective, permitted, inheritable });
  },

  capset(k, task, { effective, permitted, inheritable }) {
    const old = task.cred;
    if (!subset(inheritable, old.inheritable | old.permitted) && !need(k, task, old.userNs, 'CAP_SETPCAP').ok) {
      return refuse('EPERM', 'capset.inheritable', { asked: inheritable, inheritable: old.inheritable, permitted: old.permitted });
    }
    if (!subset(inheritable, old.inheritable | old.bounding))
      return refuse('EPERM', 'capset.bounding', { asked: inheritable, inheritable: old.inheritable, bounding: old.bounding });
    if (!subset(permitted, old.permitted)) return refuse('EPERM', 'capset.permitted', { asked: permitted, permitted: old.permitted });
    if (!subset(effective, permitted)) return refuse('EPERM', 'capset.effective', { asked: effective, permitted });
    const ambient = old.ambient & permitted & inheritable;
    const cred = withStep(old, { effective, permitted, inheritable, ambient }, 'capset', {
      effectiveBefore: old.effective,
      permittedBefore: old.permitted,
      inheritableBefore: old.inheritable,
      effective,
      permitted,
      inheritable,
      ambient,
    });
    k.updateTask(task.id, { cred });
    return DONE;
  },

  prctl(k, task, op) {
    const old = task.cred;
    const set = (change: Partial<Credentials>, rule: RuleId, operands: Check['operands']): Outcome<number> => {
      k.updateTask(task.id, { cred: withStep(old, change, rule, operands) });
      return ok(0);
    };
    switch (op.option) {
      case 'PR_CAPBSET_READ':
      case 'PR_CAPBSET_DROP': {
        if (CAPABILITIES[op.cap] === undefined) return err('EINVAL');
        const bit = 1n << BigInt(op.cap);
        if (op.option === 'PR_CAPBSET_READ') return ok((old.bounding & bit) === CAP_NONE ? 0 : 1);
        const may = need(k, task, old.userNs, 'CAP_SETPCAP');
        if (!may.ok) return may;
        return set({ bounding: old.bounding & ~bit }, 'prctl.capbset_drop', {
          cap: CAPABILITIES[op.cap] as string,
          before: old.bounding,
          bounding: old.bounding & ~bit,
        });
      }
      case 'PR_CAP_AMBIENT_IS_SET':
      case 'PR_CAP_AMBIENT_RAISE':
      case 'PR_CAP_AMBIENT_LOWER': {
        if (CAPABILITIES[op.cap] === undefined) return err('EINVAL');
        const bit = 1n << BigInt(op.cap);
        if (op.option === 'PR_CAP_AMBIENT_IS_SET') return ok((old.ambient & bit) === CAP_NONE ? 0 : 1);
        if (op.option === 'PR_CAP_AMBIENT_LOWER')
          return set({ ambient: old.ambient & ~bit }, 'prctl.ambient_lower', { cap: CAPABILITIES[op.cap] as string });
        const locked = (old.securebits & SECBIT_NO_CAP_AMBIENT_RAISE) !== 0;
        if (locked || (old.permitted & old.inheritable & bit) === CAP_NONE) {
          return refuse('EPERM', 'prctl.ambient_raise', {
            cap: CAPABILITIES[op.cap] as string,
            permitted: old.permitted,
            inheritable: old.inheritable,
            noCapAmbientRaise: locked,
          });
        }
        return set({ ambient: old.ambient | bit }, 'prctl.ambient_raise', {
          cap: CAPABILITIES[op.cap] as string,
          ambient: old.ambient | bit,
        });
      }
      case 'PR_CAP_AMBIENT_CLEAR_ALL':
        return set({ ambient: CAP_NONE }, 'prctl.ambient_clear', { before: capNames(old.ambient).join(',') });
      case 'PR_SET_KEEPCAPS': {
        if (old.securebits & KEEP_CAPS_LOCKED) return refuse('EPERM', 'prctl.securebits', { securebits: old.securebits });
        const securebits = op.value ? old.securebits | SECBIT_KEEP_CAPS : old.securebits & ~SECBIT_KEEP_CAPS;
        return set({ securebits }, 'prctl.keepcaps', { value: op.value });
      }
      case 'PR_GET_KEEPCAPS':
        return ok(old.securebits & SECBIT_KEEP_CAPS ? 1 : 0);
      case 'PR_SET_NO_NEW_PRIVS':
        k.updateTask(task.id, {
          noNewPrivs: true,
          cred: withStep(old, {}, 'prctl.no_new_privs', {}, task.noNewPrivs ? [] : [{ field: 'noNewPrivs', before: false, after: true }]),
        });
        return ok(0);
      case 'PR_GET_NO_NEW_PRIVS':
        return ok(task.noNewPrivs ? 1 : 0);
      case 'PR_SET_SECUREBITS': {
        const locks = old.securebits & ALL_SECURE_LOCKS;
        const touchesLocked =
          ((locks >> 1) & (old.securebits ^ op.bits)) !== 0 ||
          (locks & ~op.bits) !== 0 ||
          (op.bits & ~(ALL_SECUREBITS | ALL_SECURE_LOCKS)) !== 0;
        if (touchesLocked) return refuse('EPERM', 'prctl.securebits', { asked: op.bits, securebits: old.securebits });
        const may = need(k, task, old.userNs, 'CAP_SETPCAP');
        return may.ok ? set({ securebits: op.bits }, 'prctl.securebits', { before: old.securebits, securebits: op.bits }) : may;
      }
      case 'PR_GET_SECUREBITS':
        return ok(old.securebits);
      case 'PR_SET_DUMPABLE':
        k.updateTask(task.id, { dumpable: op.value });
        return ok(0);
      case 'PR_GET_DUMPABLE':
        return ok(task.dumpable ? 1 : 0);
      case 'PR_SET_NAME':
        k.updateTask(task.id, { comm: op.name.slice(0, 15) });
        return ok(0);
      case 'PR_SET_MM': {
        const may = need(k, task, 0, 'CAP_SYS_RESOURCE');
        if (!may.ok) return may;
        k.updateTask(task.id, { argv: op.argv });
        return ok(0);
      }
      case 'PR_SET_PDEATHSIG':
        if (op.signal < 0 || op.signal > 64) return err('EINVAL');
        k.updateTask(task.id, { pdeathsig: op.signal });
        return ok(0);
      case 'PR_SET_CHILD_SUBREAPER':
        k.updateTask(task.id, { subreaper: op.value });
        return ok(0);
    }
  },
};
