// What a refusal by one rule means, as a sentence over the operands of its check: {name} stands for an operand. Rules of
// file modes and capabilities have sentences of their own, see answer.ts.

import type { RULES } from '#provenance/rules.ts';
import type { Check } from '#provenance/verdict.ts';
import { operandText } from './operands.ts';
import type { Whereabouts } from './reading.ts';
import { type Bilingual, type Language, ruleText } from './ruleTexts.ts';

const t = (en: string, ja: string): Bilingual => ({ en, ja });

const SENTENCES: Readonly<Partial<Record<keyof typeof RULES, Bilingual>>> = {
  'sb.readonly': t(
    'The file system at {mount} is read-only; no capability outweighs that.',
    '{mount} のファイルシステムが読み取り専用。どのケーパビリティでも書き込めない。',
  ),
  'mount.readonly': t(
    'The mount at {mount} is read-only; no capability outweighs that.',
    '{mount} のマウントが読み取り専用。どのケーパビリティでも書き込めない。',
  ),
  'mount.nodev': t(
    'The mount at {mount} carries nodev: device files on it cannot be opened.',
    '{mount} のマウントに nodev が付いており、デバイスファイルは開けない。',
  ),
  'mount.noexec': t(
    'The mount at {mount} carries noexec: no program on it can be started.',
    '{mount} のマウントに noexec が付いており、プログラムを実行できない。',
  ),
  'mount.locked': t(
    'The mount at {mount} came from a more privileged user namespace, which locked it (or its flags) for this one.',
    '{mount} のマウント (またはそのフラグ) は、より権限の強いユーザー名前空間によってロックされている。',
  ),
  'fs.virtual': t(
    'A {fstype} file system is computed by the kernel: names and owners in it cannot be changed.',
    '{fstype} はカーネルが計算するファイルシステムで、名前や所有者は変更できない。',
  ),
  'fs.userns': t(
    'A {fstype} file system can only be mounted from the initial user namespace; the caller is in namespace {userNs}.',
    '{fstype} をマウントできるのは最初のユーザー名前空間からだけ。呼び出し側は名前空間 {userNs} にいる。',
  ),
  'fs.size': t(
    'The file system at {mount} is full: {used} of {size} bytes are used and {asked} more were asked for.',
    '{mount} のファイルシステムに空きがない: {size} バイト中 {used} バイト使用済みで、さらに {asked} バイト必要。',
  ),
  'inode.immutable': t(
    '{file} (or its directory) is immutable or append-only (chattr +i, +a); not even its owner or root changes it.',
    '{file} (またはそのディレクトリ) が変更不可か追記専用 (chattr +i, +a)。所有者でも root でも変更できない。',
  ),
  'inode.append': t(
    '{file} is append-only (chattr +a): it can only be opened for appending.',
    '{file} は追記専用 (chattr +a) で、追記でしか開けない。',
  ),
  'inode.unmapped': t(
    'The owner ({uid}) or group ({gid}) of {file} has no id in user namespace {userNs}, so the change could not be stored.',
    '{file} の所有者 ({uid}) かグループ ({gid}) がユーザー名前空間 {userNs} に対応づけられておらず、変更を保存できない。',
  ),
  'link.directory': t(
    '{file} is a directory, and directories have no hard links.',
    '{file} はディレクトリで、ディレクトリにはハードリンクを作れない。',
  ),
  'mknod.directory': t('mknod makes no directories; mkdir does.', 'mknod ではディレクトリを作れない (mkdir を使う)。'),
  'acl.default': t(
    'A default ACL is for directories, and this is none.',
    'デフォルト ACL はディレクトリだけのもので、これはディレクトリではない。',
  ),
  'xattr.user': t(
    'Attributes user.* can only be set on regular files and directories.',
    'user.* 属性を付けられるのは通常ファイルとディレクトリだけ。',
  ),
  protected_symlinks: t(
    'fs.protected_symlinks: in a sticky, world-writable directory only a link of one’s own or of the directory’s owner is followed; this one belongs to uid {linkUid}, the directory to uid {dirUid}, the caller is uid {fsuid}.',
    'fs.protected_symlinks: スティッキーで全員書き込み可のディレクトリでは、自分かディレクトリの所有者のリンクしかたどれない (リンク {linkUid}、ディレクトリ {dirUid}、呼び出し側 {fsuid})。',
  ),
  protected_hardlinks: t(
    'fs.protected_hardlinks: hard links are only made to files one owns or could read and write; this one belongs to uid {uid}, mode {mode}.',
    'fs.protected_hardlinks: 所有するか読み書きできるファイルにしかハードリンクを作れない (所有者 {uid}、モード {mode})。',
  ),
  'cgroup.devices': t(
    'The container’s cgroup allows only a few devices, and this is not one of them; mode bits and capabilities do not matter.',
    'コンテナの cgroup が許すデバイスは限られており、これは含まれない。モードやケーパビリティは関係ない。',
  ),
  'exec.regular': t('{file} is not a regular file, and only such can be executed.', '{file} は通常ファイルではないので実行できない。'),
  'exec.fcapsBeyondBounding': t(
    'The program file carries capabilities ({fPermitted}) that it must have to run, and the bounding set does not let it have them all.',
    'プログラムファイルには必須のケーパビリティ ({fPermitted}) が付いているが、バウンディングセットがその全ては許さない。',
  ),
  'userns.nesting': t('Namespaces nest at most {limit} deep.', '名前空間の入れ子は {limit} 段まで。'),
  'userns.max': t(
    'user.max_user_namespaces allows {limit}, and {namespaces} exist.',
    'user.max_user_namespaces は {limit} で、すでに {namespaces} 個ある。',
  ),
  'userns.chroot': t(
    'The caller is in a chroot, and a user namespace would let it out.',
    '呼び出し側は chroot の中にいる (ユーザー名前空間があれば抜け出せてしまう)。',
  ),
  'userns.mapped': t(
    'The caller’s ids (uid {euid}, gid {egid}) are not mapped in its user namespace.',
    '呼び出し側の ID (UID {euid}、GID {egid}) がそのユーザー名前空間に対応づけられていない。',
  ),
  'userns.map_initial': t('The maps of the initial user namespace cannot be changed.', '最初のユーザー名前空間の対応表は変更できない。'),
  'userns.map_writer': t(
    'A map is written from within the namespace or from its parent; the caller is in neither.',
    '対応表を書けるのはその名前空間の中か親からだけで、呼び出し側はどちらでもない。',
  ),
  'userns.map_once': t('The map of this namespace has been written already.', 'この名前空間の対応表はすでに書き込まれている。'),
  'userns.map_range': t(
    'The parent namespace has no ids {outside} to {outside}+{count}−1 to give.',
    '親の名前空間に ID {outside} からの {count} 個がない。',
  ),
  'userns.setgroups': t(
    '“{asked}” comes too late: setgroups is “{setgroups}” already or the gid map is written.',
    '「{asked}」はもう書けない: setgroups は「{setgroups}」で、GID 対応表が書き込み済みの場合も変更できない。',
  ),
  'setgroups.userns': t(
    'In this user namespace setgroups is “{setgroups}”; groups can be changed only after the gid map is written and unless setgroups was denied.',
    'このユーザー名前空間の setgroups は「{setgroups}」。グループを変更できるのは GID 対応表が書かれ、setgroups が禁止されていない場合だけ。',
  ),
  'ipc.owner': t(
    'Uid {euid} owns or made the object, and the owner bits of its mode {mode} lack what was asked for.',
    'UID {euid} はオブジェクトの所有者か作成者だが、モード {mode} の所有者ビットに要求された権限がない。',
  ),
  'ipc.group': t(
    'Uid {euid} is in the group of the object ({gid}), and the group bits of its mode {mode} lack what was asked for.',
    'UID {euid} はオブジェクトのグループ ({gid}) に属するが、モード {mode} のグループビットに要求された権限がない。',
  ),
  'ipc.other': t(
    'Uid {euid} neither owns the object (of uid {uid}, gid {gid}) nor is in its group; the bits for others of its mode {mode} lack what was asked for.',
    'UID {euid} はオブジェクト (UID {uid}、GID {gid}) の所有者でもグループの一員でもなく、モード {mode} のその他ビットに要求された権限がない。',
  ),
  'ipc.creator': t(
    'Only the owner of the object (uid {uid}), its maker or CAP_SYS_ADMIN may change or remove it; the caller is uid {euid}.',
    'オブジェクトを変更・削除できるのは所有者 (UID {uid})、作成者、または CAP_SYS_ADMIN だけ。呼び出し側は UID {euid}。',
  ),
  'kill.nsInit': t(
    'The call succeeded and {signal} was dropped: process {pid} is the first of its pid namespace, and from inside the namespace it takes only signals it has installed a handler for; there is none for KILL and STOP.',
    '呼び出しは成功したが {signal} は捨てられた: プロセス {pid} はその PID 名前空間の最初のプロセスで、名前空間の中からはハンドラーを設定したシグナルしか届かない (KILL と STOP にハンドラーはない)。',
  ),
  'ptrace.ended': t('The process has ended; it is a zombie.', 'プロセスは終了済み (ゾンビ)。'),
  'ptrace.traced': t('The process has a tracer already ({tracer}).', 'プロセスはすでにトレースされている ({tracer})。'),
  'ptrace.attachSelf': t('A process cannot trace itself.', 'プロセスは自分自身をトレースできない。'),
  'proc.self': t('This file of /proc can only be written by its own process.', '/proc のこのファイルに書けるのはそのプロセス自身だけ。'),
  'session.child': t('The child has started a session of its own.', '子はすでに自分のセッションを始めている。'),
  'session.leader': t(
    'The process leads a session and so keeps its process group.',
    'プロセスはセッションリーダーなので、プロセスグループを変えられない。',
  ),
  'session.group': t('No process group {pgid} exists in this session.', 'このセッションにプロセスグループ {pgid} はない。'),
  'session.setsid': t(
    'The caller leads a process group and so cannot start a session.',
    '呼び出し側はプロセスグループのリーダーなので、セッションを始められない。',
  ),
  'tty.foreground': t(
    'Only a process group of the terminal’s own session can come to the foreground.',
    'フォアグラウンドにできるのは、その端末のセッションのプロセスグループだけ。',
  ),
  'tty.controlling': t(
    'A terminal is taken by a session leader that has none, and only if no other session has it.',
    '端末を制御端末にできるのは、まだ端末を持たないセッションリーダーで、他のセッションが使っていない場合だけ。',
  ),
  'clone.threads_max': t(
    'The system has as many tasks as kernel.threads-max allows ({limit}).',
    'システムのタスク数が kernel.threads-max ({limit}) に達している。',
  ),
  'clone.rlimit_nproc': t(
    'The user has as many processes as RLIMIT_NPROC allows ({limit}).',
    'このユーザーのプロセス数が RLIMIT_NPROC ({limit}) に達している。',
  ),
  'cgroup.pids_max': t(
    'The cgroup has as many processes as its pids.max allows ({limit}).',
    'cgroup のプロセス数が pids.max ({limit}) に達している。',
  ),
  'prlimit.nr_open': t(
    'RLIMIT_NOFILE cannot be {hard}: fs.nr_open is {nr_open}.',
    'RLIMIT_NOFILE は {hard} にできない: fs.nr_open は {nr_open}。',
  ),
  'mknod.whiteout': t(
    'In the layers of an overlay a character device 0:0 means "this name was removed", so nobody can make one through the overlay.',
    'overlay のレイヤーではキャラクターデバイス 0:0 は「削除された名前」を意味するため、overlay 上では誰も作れない。',
  ),
  'limit.fsize': t(
    'The file would become larger than RLIMIT_FSIZE ({limit} bytes) allows; SIGXFSZ is sent too.',
    'ファイルが RLIMIT_FSIZE ({limit} バイト) を超える。SIGXFSZ も送られる。',
  ),
  'file.running': t(
    'Process {pid} runs this file as its program; until it ends nobody may write to it. Removing the name is allowed.',
    'プロセス {pid} がこのファイルをプログラムとして実行中。終わるまで誰も書き込めない。名前の削除はできる。',
  ),
  'exec.writers': t(
    'Somebody has this file open for writing; until it is closed it cannot be started.',
    'このファイルが書き込み用に開かれている。閉じられるまで実行できない。',
  ),
  'limit.nofile': t(
    'The process has as many files open as RLIMIT_NOFILE allows ({limit}).',
    '開いているファイルの数が RLIMIT_NOFILE ({limit}) に達している。',
  ),
  'net.pingGroupRange': t(
    'Ping sockets are for groups {low} to {high} (net.ipv4.ping_group_range); the caller is in {gids}.',
    'ping ソケットを使えるのはグループ {low} から {high} (net.ipv4.ping_group_range)。呼び出し側のグループは {gids}。',
  ),
  'sysctl.owner': t(
    'This sysctl is written by its owner, uid {owner}; the caller is uid {euid}.',
    'この sysctl に書けるのは所有者 (UID {owner}) で、呼び出し側は UID {euid}。',
  ),
  seccomp: t(
    'The seccomp filter of the process answers {call} with {action}.',
    'プロセスの seccomp フィルターが {call} に {action} を返す。',
  ),
  'apparmor.file': t('Profile {profile} does not give {denied} on {path}.', 'プロファイル {profile} は {path} への {denied} を許さない。'),
  'apparmor.exec': t('Profile {profile} cannot enter {path}: {info}.', 'プロファイル {profile} から {path} を実行できない: {info}。'),
  'apparmor.capability': t(
    'Profile {profile} does not let capability {capability} count, whatever the sets say.',
    'プロファイル {profile} が {capability} を認めない (ケーパビリティセットにあっても)。',
  ),
  'apparmor.rlimit': t(
    'Profile {profile} sets a lower maximum for {rlimit} than {hard}: {deniedBy}.',
    'プロファイル {profile} の {rlimit} の上限は {hard} より低い: {deniedBy}。',
  ),
  'apparmor.network': t(
    'Profile {profile} does not allow {family} {type} sockets.',
    'プロファイル {profile} は {family} {type} ソケットを許さない。',
  ),
  'apparmor.mount': t('Profile {profile} does not allow {operation}.', 'プロファイル {profile} は {operation} を許さない。'),
  'apparmor.signal': t(
    'Profile {profile} does not allow signal {signal} ({access}) with {peer}.',
    'プロファイル {profile} は {peer} とのシグナル {signal} ({access}) を許さない。',
  ),
  'apparmor.ptrace': t(
    'Profile {profile} does not allow ptrace ({access}) with {peer}.',
    'プロファイル {profile} は {peer} との ptrace ({access}) を許さない。',
  ),
  'apparmor.change_profile': t(
    'Profile {profile} has no change_profile rule for {target}.',
    'プロファイル {profile} に {target} への change_profile 規則がない。',
  ),
  'selinux.type': t(
    'The policy does not let {scontext} do this ({denied}) to {tcontext}.',
    'ポリシーは {scontext} が {tcontext} にこの操作 ({denied}) をすることを許さない。',
  ),
  'selinux.mcs': t('Level {level} lacks categories of {objectLevel}.', 'レベル {level} には {objectLevel} のカテゴリーが足りない。'),
  'selinux.capability': t('The policy does not let {scontext} use {capability}.', 'ポリシーは {scontext} に {capability} を認めない。'),
  'selinux.transition': t('{scontext} may not become {asked}.', '{scontext} は {asked} になれない。'),
  'selinux.setenforce': t('{scontext} may not switch SELinux.', '{scontext} は SELinux を切り替えられない。'),
};

const UNNAMED = { file: t('the file', 'ファイル'), mount: t('its mount point', 'マウントポイント') };

/** What the refusal by a rule means; without a sentence of its own, that what the rule's title asks is not the case. */
export function denialSentence({ rule, operands }: Check, where: Whereabouts, language: Language): string {
  const own = SENTENCES[rule as keyof typeof RULES]?.[language];
  if (own === undefined)
    return language === 'ja' ? `次が満たされない: ${ruleText(rule, language).title}。` : `Not the case: ${ruleText(rule, language).title}.`;
  const text = own.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (name === 'file' || name === 'mount') return where[name] ?? UNNAMED[name][language];
    return operands[name] === undefined ? '?' : operandText(name, operands[name], language);
  });
  return text.replace(/^[a-z]/, (letter) => letter.toUpperCase());
}
