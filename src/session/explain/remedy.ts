// What would have changed a refusal, read off the operands of its checks, with the field of the manifest that decides it.

import { type Capability, capHas, isCapability } from '#abi/capability.ts';
import type { SyscallRecord } from '#kernel/machine/types.ts';
import type { Check } from '#provenance/verdict.ts';
import type { Cause } from '../protocol.ts';
import type { World } from '../world.ts';
import { missingBits } from './answer.ts';
import { mountPointer, ociCauses } from './container.ts';
import type { Whereabouts } from './reading.ts';
import { helped, type Language } from './ruleTexts.ts';

/** In which set the capability is missing, and so who could give it. */
function capabilityRemedy(check: Check, name: Capability, language: Language): string {
  const ja = language === 'ja';
  const { effective, permitted, bounding, userNs, targetUserNs } = check.operands;
  const has = (set: unknown): boolean => typeof set === 'bigint' && capHas(set, name);
  if (has(effective) && userNs !== undefined && targetUserNs !== undefined && userNs !== targetUserNs)
    return ja
      ? `${name} は自分のユーザー名前空間 (${userNs}) でしか効かない。必要なのは名前空間 ${targetUserNs} での ${name}`
      : `${name} counts in the caller’s own user namespace (${userNs}) only; it takes ${name} in namespace ${targetUserNs}`;
  if (has(permitted))
    return ja
      ? `${name} は permitted にある。capset() で effective にすれば使える`
      : `${name} is permitted: the program could raise it into its effective set with capset()`;
  if (bounding === undefined || has(bounding))
    return ja
      ? `${name} を effective セットに。バウンディングセットにはあるので、UID 0 で動かすか、プログラムファイルにケーパビリティを付ける (no_new_privs でない場合)`
      : `${name} in the effective set. It is in the bounding set, so running as uid 0, or a program file with the capability (unless no_new_privs is set), would give it`;
  return ja
    ? `${name} を effective セットに。バウンディングセットにもないので、securityContext.capabilities.add で加える (または drop しない)`
    : `${name} in the effective set. It is not even in the bounding set: securityContext.capabilities.add would put it there (or not dropping it)`;
}

const CLASSES = { 'dac.owner': 'u', 'dac.group': 'g', 'dac.other': 'o' } as const;

function modeRemedy(check: Check, language: Language): string | undefined {
  const letters = missingBits(check.rule, check.operands);
  if (letters === undefined) return undefined;
  const who = CLASSES[check.rule as keyof typeof CLASSES];
  return language === 'ja'
    ? `該当するクラスのビット: chmod ${who}+${letters}。または別のクラスに入ること (所有者になる、グループに入る)`
    : `The bits of the class that applied: chmod ${who}+${letters}; or belonging to another class (own the file, be in its group)`;
}

const KINDS: Readonly<Record<string, (operands: Check['operands']) => string>> = {
  'apparmor.file': ({ path, denied }) =>
    `${String(path)} ${String(denied)
      .replace(/[cd]/g, 'w')
      .replace(/(.)(?=.*\1)/g, '')}`,
  'apparmor.capability': ({ capability }) => `capability ${String(capability)}`,
  'apparmor.network': ({ family, type }) => `network ${String(family)} ${String(type)}`,
  'apparmor.mount': ({ operation }) => String(operation),
  'apparmor.signal': ({ access, signal, peer }) => `signal (${String(access)}) set=(${String(signal)}) peer=${String(peer)}`,
  'apparmor.ptrace': ({ access, peer }) => `ptrace (${String(access)}) peer=${String(peer)}`,
};

/** What a profile or a label would have needed. */
function moduleRemedy({ rule, operands }: Check, language: Language): string | undefined {
  const ja = language === 'ja';
  if (rule === 'seccomp')
    return ja
      ? `フィルターが ${String(operands.call)} を許すこと`
      : `A filter that allows ${String(operands.call)}: ${operands.byDefault === true ? 'no rule of this one names it' : 'a rule of this one refuses it'}`;
  const wanted = KINDS[rule]?.(operands);
  if (wanted !== undefined) {
    const deny = typeof operands.deniedBy === 'string' ? operands.deniedBy : undefined;
    if (deny !== undefined)
      return ja
        ? `プロファイル ${String(operands.profile)} の規則「${deny},」(${String(operands.line)} 行) がなければ`
        : `Profile ${String(operands.profile)} without its rule “${deny},” (line ${String(operands.line)}): deny outweighs every allow rule`;
    return ja
      ? `プロファイル ${String(operands.profile)} に規則「${wanted},」があれば`
      : `A rule “${wanted},” in profile ${String(operands.profile)}: what no rule allows is refused`;
  }
  if (rule === 'selinux.type')
    return ja
      ? `オブジェクトのタイプが container_file_t であること (${String(operands.tcontext)})、または spc_t で動かすこと`
      : `Objects of type container_file_t instead of ${String(operands.tcontext)} (a volume that is relabelled), or a process of type spc_t`;
  if (rule === 'selinux.mcs')
    return ja
      ? `プロセスのレベルが ${String(operands.objectLevel)} のカテゴリーを含むこと (seLinuxOptions.level)`
      : `A level with the categories of ${String(operands.objectLevel)}: seLinuxOptions.level, the same for all that share the files`;
  return undefined;
}

/** Pointers of config.json that decide what a check compared; `mount`: the one that config.json made where the check looked. */
function deciders(check: Check, mount: string | undefined): readonly string[] {
  if (check.rule.startsWith('dac.') || check.rule === 'inode.owner' || check.rule === 'sticky')
    return check.rule === 'dac.group' || check.rule === 'dac.other'
      ? ['/process/user/uid', '/process/user/additionalGids']
      : ['/process/user/uid'];
  if (check.rule.startsWith('cap.')) return ['/process/capabilities/bounding'];
  if (check.rule === 'sb.readonly' || check.rule.startsWith('mount.') || check.rule === 'fs.size')
    return mount === undefined ? [] : [mount];
  if (check.rule === 'seccomp') return ['/linux/seccomp'];
  if (check.rule.startsWith('apparmor.')) return ['/process/apparmorProfile'];
  if (check.rule.startsWith('selinux.')) return ['/process/selinuxLabel'];
  return [];
}

/** What would have helped, then where the deciding values come from. */
export function remedies(
  world: World,
  { caller }: SyscallRecord,
  where: Whereabouts,
  checks: readonly Check[],
  language: Language,
): readonly Cause[] {
  const mount = where.mount === undefined ? undefined : mountPointer(world, caller, where.mount);
  const causes: Cause[] = [];
  for (const check of checks) {
    if (check.outcome === 'allow') continue;
    const name = check.rule.startsWith('cap.') ? `CAP_${check.rule.slice('cap.'.length)}` : '';
    // A capability check that was skipped could not have helped: it does not answer what was asked.
    const text = isCapability(name)
      ? check.outcome === 'deny'
        ? capabilityRemedy(check, name, language)
        : undefined
      : check.outcome === 'deny'
        ? (modeRemedy(check, language) ?? moduleRemedy(check, language))
        : undefined;
    if (text !== undefined) causes.push({ title: helped(language), detail: text });
  }
  const pointers = new Set(checks.filter((one) => one.outcome === 'deny').flatMap((one) => deciders(one, mount)));
  return [...causes, ...[...pointers].flatMap((pointer) => ociCauses(world, caller, pointer, language))];
}
