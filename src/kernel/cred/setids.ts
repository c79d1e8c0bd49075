// setuid(2) and its relatives. Counterpart: kernel/sys.c, setuid(2), setresuid(2), setfsuid(2), setgroups(2)

import type { RuleId } from '#provenance/rules.ts';
import { DONE, err, type Handlers, type Kernel, ok, type Res, refuse } from '../context.ts';
import type { Credentials, Kgid, Kuid, Task, UserNs } from '../state.ts';
import { fsuidFixup, setuidFixup, withStep } from './change.ts';
import { fromKgid, fromKuid, makeKgid, makeKuid } from './ids.ts';
import { need } from './need.ts';

type Ids<T> = readonly [r: T | null, e: T | null, s: T | null]; // null keeps

/** uids as given by the program → kernel uids; -1 keeps; no mapping is EINVAL. */
function kuids(k: Kernel, task: Task, given: readonly number[]): Res<Ids<Kuid>> {
  const ids = given.map((uid) => (uid === -1 || uid === 0xffffffff ? null : makeKuid(k.state, task.cred.userNs, uid)));
  return ids.includes(undefined) ? err('EINVAL') : ok(ids as unknown as Ids<Kuid>);
}

function kgids(k: Kernel, task: Task, given: readonly number[]): Res<Ids<Kgid>> {
  const ids = given.map((gid) => (gid === -1 || gid === 0xffffffff ? null : makeKgid(k.state, task.cred.userNs, gid)));
  return ids.includes(undefined) ? err('EINVAL') : ok(ids as unknown as Ids<Kgid>);
}

function commitUids(k: Kernel, task: Task, rule: RuleId, [r, e, s]: Ids<Kuid>): void {
  const old = task.cred;
  const ruid = r ?? old.ruid;
  const euid = e ?? old.euid;
  const suid = s ?? old.suid;
  let cred: Credentials = withStep(old, { ruid, euid, suid, fsuid: euid }, rule, {
    ruidBefore: old.ruid,
    euidBefore: old.euid,
    suidBefore: old.suid,
    ruid,
    euid,
    suid,
  });
  cred = setuidFixup(old, cred, makeKuid(k.state, old.userNs, 0));
  k.updateTask(task.id, {
    cred,
    dumpable: task.dumpable && euid === old.euid && cred.permitted === old.permitted,
    pdeathsig: euid === old.euid ? task.pdeathsig : 0,
  });
}

function commitGids(k: Kernel, task: Task, rule: RuleId, [r, e, s]: Ids<Kgid>): void {
  const old = task.cred;
  const rgid = r ?? old.rgid;
  const egid = e ?? old.egid;
  const sgid = s ?? old.sgid;
  const cred = withStep(old, { rgid, egid, sgid, fsgid: egid }, rule, {
    rgidBefore: old.rgid,
    egidBefore: old.egid,
    sgidBefore: old.sgid,
    rgid,
    egid,
    sgid,
  });
  k.updateTask(task.id, { cred, dumpable: task.dumpable && egid === old.egid, pdeathsig: egid === old.egid ? task.pdeathsig : 0 });
}

const among = <T>(id: T | null, allowed: readonly T[]): boolean => id === null || allowed.includes(id);

type Names =
  | 'setuid'
  | 'setgid'
  | 'setreuid'
  | 'setregid'
  | 'setresuid'
  | 'setresgid'
  | 'setfsuid'
  | 'setfsgid'
  | 'setgroups'
  | 'getresuid'
  | 'getresgid'
  | 'getgroups';

export const setidHandlers: Handlers<Names> = {
  getresuid: (k, { cred }) =>
    ok([fromKuid(k.state, cred.userNs, cred.ruid), fromKuid(k.state, cred.userNs, cred.euid), fromKuid(k.state, cred.userNs, cred.suid)]),
  getresgid: (k, { cred }) =>
    ok([fromKgid(k.state, cred.userNs, cred.rgid), fromKgid(k.state, cred.userNs, cred.egid), fromKgid(k.state, cred.userNs, cred.sgid)]),
  getgroups: (k, { cred }) => ok(cred.groups.map((gid) => fromKgid(k.state, cred.userNs, gid))),

  setuid(k, task, uid) {
    const { cred } = task;
    const id = makeKuid(k.state, cred.userNs, uid);
    if (id === undefined) return err('EINVAL');
    const may = need(k, task, cred.userNs, 'CAP_SETUID');
    if (may.ok) commitUids(k, task, 'setuid', [id, id, id]);
    else if (among(id, [cred.ruid, cred.suid])) commitUids(k, task, 'setuid', [null, id, null]);
    else return may;
    return DONE;
  },

  setgid(k, task, gid) {
    const { cred } = task;
    const id = makeKgid(k.state, cred.userNs, gid);
    if (id === undefined) return err('EINVAL');
    const may = need(k, task, cred.userNs, 'CAP_SETGID');
    if (may.ok) commitGids(k, task, 'setgid', [id, id, id]);
    else if (among(id, [cred.rgid, cred.sgid])) commitGids(k, task, 'setgid', [null, id, null]);
    else return may;
    return DONE;
  },

  setreuid(k, task, ruid, euid) {
    const { cred } = task;
    const ids = kuids(k, task, [ruid, euid]);
    if (!ids.ok) return ids;
    const [r, e] = ids.value;
    if (!among(r, [cred.ruid, cred.euid]) || !among(e, [cred.ruid, cred.euid, cred.suid])) {
      const may = need(k, task, cred.userNs, 'CAP_SETUID');
      if (!may.ok) return may;
    }
    const savedFollows = r !== null || (e !== null && e !== cred.ruid);
    commitUids(k, task, 'setreuid', [r, e, savedFollows ? (e ?? cred.euid) : null]);
    return DONE;
  },

  setregid(k, task, rgid, egid) {
    const { cred } = task;
    const ids = kgids(k, task, [rgid, egid]);
    if (!ids.ok) return ids;
    const [r, e] = ids.value;
    if (!among(r, [cred.rgid, cred.egid]) || !among(e, [cred.rgid, cred.egid, cred.sgid])) {
      const may = need(k, task, cred.userNs, 'CAP_SETGID');
      if (!may.ok) return may;
    }
    const savedFollows = r !== null || (e !== null && e !== cred.rgid);
    commitGids(k, task, 'setregid', [r, e, savedFollows ? (e ?? cred.egid) : null]);
    return DONE;
  },

  setresuid(k, task, ruid, euid, suid) {
    const { cred } = task;
    const ids = kuids(k, task, [ruid, euid, suid]);
    if (!ids.ok) return ids;
    if (!ids.value.every((id) => among(id, [cred.ruid, cred.euid, cred.suid]))) {
      const may = need(k, task, cred.userNs, 'CAP_SETUID');
      if (!may.ok) return may;
    }
    commitUids(k, task, 'setresuid', ids.value);
    return DONE;
  },

  setresgid(k, task, rgid, egid, sgid) {
    const { cred } = task;
    const ids = kgids(k, task, [rgid, egid, sgid]);
    if (!ids.ok) return ids;
    if (!ids.value.every((id) => among(id, [cred.rgid, cred.egid, cred.sgid]))) {
      const may = need(k, task, cred.userNs, 'CAP_SETGID');
      if (!may.ok) return may;
    }
    commitGids(k, task, 'setresgid', ids.value);
    return DONE;
  },

  setfsuid(k, task, uid) {
    const { cred } = task;
    const before = ok(fromKuid(k.state, cred.userNs, cred.fsuid));
    const id = makeKuid(k.state, cred.userNs, uid);
    if (id === undefined || id === cred.fsuid) return before;
    if (!among(id, [cred.ruid, cred.euid, cred.suid, cred.fsuid]) && !need(k, task, cred.userNs, 'CAP_SETUID').ok) return before;
    const next = withStep(cred, { fsuid: id }, 'setfsuid', { fsuidBefore: cred.fsuid, fsuid: id });
    k.updateTask(task.id, { cred: fsuidFixup(cred, next, makeKuid(k.state, cred.userNs, 0)), dumpable: false });
    return before;
  },

  setfsgid(k, task, gid) {
    const { cred } = task;
    const before = ok(fromKgid(k.state, cred.userNs, cred.fsgid));
    const id = makeKgid(k.state, cred.userNs, gid);
    if (id === undefined || id === cred.fsgid) return before;
    if (!among(id, [cred.rgid, cred.egid, cred.sgid, cred.fsgid]) && !need(k, task, cred.userNs, 'CAP_SETGID').ok) return before;
    k.updateTask(task.id, { cred: withStep(cred, { fsgid: id }, 'setfsgid', { fsgidBefore: cred.fsgid, fsgid: id }), dumpable: false });
    return before;
  },

  setgroups(k, task, groups) {
    const { cred } = task;
    const space = k.state.userNs.get(cred.userNs) as UserNs;
    const may = need(k, task, cred.userNs, 'CAP_SETGID');
    if (!may.ok) return may;
    // Before a gid map is written, and where the map's writer had to give it up, groups cannot be dropped either.
    if (space.setgroups === 'deny' || space.gidMap.length === 0)
      return refuse('EPERM', 'setgroups.userns', { setgroups: space.setgroups, gidMapped: space.gidMap.length > 0, userNs: cred.userNs });
    if (groups.length > 65536) return err('EINVAL');
    const ids: Kgid[] = [];
    for (const gid of groups) {
      const id = makeKgid(k.state, cred.userNs, gid);
      if (id === undefined) return err('EINVAL');
      ids.push(id);
    }
    ids.sort((a, b) => a - b);
    k.updateTask(task.id, { cred: withStep(cred, { groups: ids }, 'setgroups', { before: cred.groups, groups: ids }) });
    return DONE;
  },
};
