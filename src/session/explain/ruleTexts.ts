// What the kernel’s rules say, in both languages, and the title of any rule. A rule without a text is a type error.

import { type ClusterRule, type RULES, type RuleId, ruleOf } from '#provenance/rules.ts';
import { CLUSTER_TEXTS } from './clusterTexts.ts';

export type Language = 'en' | 'ja';
export type Bilingual = Readonly<Record<Language, string>>;

const t = (en: string, ja: string): Bilingual => ({ en, ja });

const TEXTS: Readonly<Record<keyof typeof RULES, Bilingual>> = {
  'dac.owner': t('Owner bits of the file mode', 'ファイルモードの所有者ビット'),
  'dac.group': t('Group bits of the file mode', 'ファイルモードのグループビット'),
  'dac.other': t('Other bits of the file mode', 'ファイルモードのその他ビット'),
  'dac.acl': t('Access control list of the file', 'ファイルのアクセス制御リスト (ACL)'),
  'sb.readonly': t('The file system is read-only', 'ファイルシステムが読み取り専用'),
  'mount.readonly': t('The mount is read-only', 'マウントが読み取り専用'),
  'mount.nodev': t('The mount does not allow devices (nodev)', 'マウントがデバイスを許可しない (nodev)'),
  'mount.noexec': t('The mount does not allow programs (noexec)', 'マウントがプログラムの実行を許可しない (noexec)'),
  'mount.locked': t('The mount keeps flags set by a more privileged namespace', 'より権限の強い名前空間が設定したフラグは外せない'),
  'fs.virtual': t('The file system does not store this change', 'このファイルシステムは変更を保存しない'),
  'mount.revealing': t(
    'A new instance would show what mounts of this namespace hide',
    '新しいインスタンスは、この名前空間のマウントが隠しているものを見せてしまう',
  ),
  'fs.userns': t('The file system cannot be mounted in a user namespace', 'ユーザー名前空間ではマウントできないファイルシステム'),
  'fs.size': t('Room in the file system (its size limit)', 'ファイルシステムの空き (サイズの上限)'),
  'inode.immutable': t('The file is immutable or append-only', 'ファイルが変更不可または追記専用'),
  'inode.append': t('An append-only file is only written at its end', '追記専用ファイルは末尾への書き込みだけ可能'),
  'inode.unmapped': t(
    'Owner or group has no mapping in this user namespace',
    '所有者またはグループがこのユーザー名前空間に対応づけられていない',
  ),
  'inode.owner': t('The caller owns the file', '呼び出し側がファイルの所有者'),
  'file.running': t('A running program is not written to', '実行中のプログラムには書き込めない'),
  'chown.owner': t('An owner may keep the owner', '所有者を変えない場合だけ所有者に許される'),
  'chgrp.owner': t('An owner may choose one of its own groups', '所有者は自分の属するグループへだけ変更できる'),
  'link.directory': t('Directories have no hard links', 'ディレクトリにはハードリンクを作れない'),
  'mknod.whiteout': t('An overlay takes a device 0:0 for a removed name', 'overlay では 0:0 のデバイスは削除された名前を意味する'),
  'mknod.directory': t('mknod makes no directories', 'mknod ではディレクトリを作れない'),
  'acl.default': t('Only a directory has a default ACL', 'デフォルト ACL を持てるのはディレクトリだけ'),
  'xattr.user': t('user.* attributes are for files and directories', 'user.* 属性は通常ファイルとディレクトリだけのもの'),
  sticky: t('Sticky directory: own the file or the directory', 'スティッキーディレクトリ: ファイルかディレクトリの所有者であること'),
  protected_symlinks: t(
    'fs.protected_symlinks: links in sticky, world-writable directories',
    'fs.protected_symlinks: スティッキーで全員書き込み可のディレクトリ内のリンク',
  ),
  protected_hardlinks: t(
    'fs.protected_hardlinks: link only to files you own or may write',
    'fs.protected_hardlinks: 所有するか書き込めるファイルへのリンクだけ',
  ),
  protected_regular: t(
    'fs.protected_regular: O_CREAT on somebody else’s file in a sticky directory',
    'fs.protected_regular: スティッキーディレクトリ内の他人のファイルへの O_CREAT',
  ),
  protected_fifos: t(
    'fs.protected_fifos: O_CREAT on somebody else’s fifo in a sticky directory',
    'fs.protected_fifos: スティッキーディレクトリ内の他人の FIFO への O_CREAT',
  ),
  'sysctl.owner': t('Who may write this sysctl', 'この sysctl に書き込めるユーザー'),
  'cgroup.devices': t('The container’s cgroup allows this device', 'コンテナの cgroup がこのデバイスを許可する'),
  'cgroup.pids_max': t('Number of processes in the cgroup (pids.max)', 'cgroup のプロセス数 (pids.max)'),
  'exec.regular': t('Only regular files can be executed', '実行できるのは通常ファイルだけ'),
  'exec.writers': t('A file open for writing is not executed', '書き込みで開かれているファイルは実行できない'),
  'exec.format': t('The kernel knows the format of the program', 'カーネルが知っている実行形式であること'),
  'exec.fcapsBeyondBounding': t(
    'The file’s capabilities lie within the bounding set',
    'ファイルのケーパビリティがバウンディングセットに含まれること',
  ),
  'exec.setid': t('execve: set-user-ID or set-group-ID bit of the program', 'execve: プログラムの set-user-ID / set-group-ID ビット'),
  'exec.fcaps': t('execve: capabilities attached to the program file', 'execve: プログラムファイルに付いたケーパビリティ'),
  'exec.root': t('execve: root gets everything in the bounding set', 'execve: root はバウンディングセットの全てを得る'),
  'exec.traced': t(
    'execve: a tracer without CAP_SYS_PTRACE takes away what the program would add',
    'execve: トレースする側に CAP_SYS_PTRACE がないため追加の権限は得られない',
  ),
  'exec.noNewPrivs': t('execve: no_new_privs takes away what the program would add', 'execve: no_new_privs により追加の権限は得られない'),
  'exec.result': t(
    'execve: P′(permitted) = (I ∩ F.inheritable) ∪ (F.permitted ∩ bounding) ∪ P′(ambient)',
    'execve: P′(permitted) = (I ∩ F.inheritable) ∪ (F.permitted ∩ bounding) ∪ P′(ambient)',
  ),
  setuid: t('setuid() changed the user ids', 'setuid() がユーザー ID を変更'),
  setgid: t('setgid() changed the group ids', 'setgid() がグループ ID を変更'),
  setreuid: t('setreuid() changed the user ids', 'setreuid() がユーザー ID を変更'),
  setregid: t('setregid() changed the group ids', 'setregid() がグループ ID を変更'),
  setresuid: t('setresuid() changed the user ids', 'setresuid() がユーザー ID を変更'),
  setresgid: t('setresgid() changed the group ids', 'setresgid() がグループ ID を変更'),
  setfsuid: t('setfsuid() changed the file system uid', 'setfsuid() がファイルシステム UID を変更'),
  setfsgid: t('setfsgid() changed the file system gid', 'setfsgid() がファイルシステム GID を変更'),
  setgroups: t('setgroups() replaced the supplementary groups', 'setgroups() が補助グループを置き換え'),
  'setuid.fixup': t('Leaving or becoming uid 0 changes the capability sets', 'UID 0 でなくなる/になるとケーパビリティセットが変わる'),
  'setfsuid.fixup': t(
    'The file system uid crossing 0 changes the file capabilities',
    'ファイルシステム UID が 0 をまたぐとファイル系ケーパビリティが変わる',
  ),
  capset: t('capset() set the capability sets', 'capset() がケーパビリティセットを設定'),
  'capset.inheritable': t(
    'New inheritable bits must be permitted or inheritable, or need CAP_SETPCAP',
    '新しい inheritable ビットは permitted か inheritable にあること (なければ CAP_SETPCAP)',
  ),
  'capset.bounding': t('New inheritable bits must be in the bounding set', '新しい inheritable ビットはバウンディングセットにあること'),
  'capset.permitted': t('The permitted set can only shrink', 'permitted セットは減らせるだけ'),
  'capset.effective': t('Effective bits must be permitted', 'effective ビットは permitted にあること'),
  'prctl.capbset_drop': t('Capabilities dropped from the bounding set', 'バウンディングセットから落としたケーパビリティ'),
  'prctl.ambient_raise': t(
    'Ambient capabilities must be permitted and inheritable',
    'ambient にできるのは permitted かつ inheritable のもの',
  ),
  'prctl.ambient_lower': t('A capability taken from the ambient set', 'ambient セットからケーパビリティを除いた'),
  'prctl.ambient_clear': t('The ambient set was cleared', 'ambient セットを空にした'),
  'prctl.keepcaps': t('Keep permitted capabilities over the change of uids', 'UID 変更後も permitted ケーパビリティを保つ'),
  'prctl.no_new_privs': t('no_new_privs was set; nothing can clear it', 'no_new_privs を設定 (解除はできない)'),
  'prctl.securebits': t('Locked secure bits cannot be changed', 'ロックされた securebits は変更できない'),
  'userns.create': t(
    'A new user namespace: its creator has every capability in it',
    '新しいユーザー名前空間: 作成者はその中で全ケーパビリティを持つ',
  ),
  'userns.join': t('Joined a user namespace: every capability in it', 'ユーザー名前空間に参加: その中で全ケーパビリティを持つ'),
  'userns.nesting': t('Depth of nested namespaces', '名前空間の入れ子の深さ'),
  'userns.max': t('Number of user namespaces (user.max_user_namespaces)', 'ユーザー名前空間の数 (user.max_user_namespaces)'),
  'userns.chroot': t('The caller is not in a chroot', '呼び出し側が chroot の中にいないこと'),
  'userns.mapped': t('The caller’s ids exist in its user namespace', '呼び出し側の ID がそのユーザー名前空間にあること'),
  'userns.map_initial': t('The initial user namespace maps every id', '最初のユーザー名前空間は全 ID を対応づけ済み'),
  'userns.map_writer': t('The writer is in the namespace or its parent', '書き込む側がその名前空間か親にいること'),
  'userns.map_once': t('An id map is written once', 'ID の対応表は一度だけ書ける'),
  'userns.map_range': t('The mapped ids exist in the parent namespace', '対応づける ID が親の名前空間にあること'),
  'userns.setgroups': t('setgroups is denied before the gid map, and for ever', 'setgroups の禁止は GID 対応表より先で、取り消せない'),
  'setgroups.userns': t('The user namespace lets groups change', 'ユーザー名前空間がグループの変更を許すこと'),
  'ipc.owner': t('Owner bits of the object’s mode', 'オブジェクトのモードの所有者ビット'),
  'ipc.group': t('Group bits of the object’s mode', 'オブジェクトのモードのグループビット'),
  'ipc.other': t('Other bits of the object’s mode', 'オブジェクトのモードのその他ビット'),
  'ipc.creator': t('The caller owns the object or made it', '呼び出し側がオブジェクトの所有者か作成者であること'),
  'kill.sameUser': t(
    'The sender’s real or effective uid is the target’s real or saved uid',
    '送信側の実/実効 UID が対象の実/保存 UID と一致すること',
  ),
  'kill.nsInit': t(
    'The first process of a pid namespace has a handler for the signal',
    'PID 名前空間の最初のプロセスにシグナルハンドラーがあること',
  ),
  'ptrace.self': t('A process may always look at itself', 'プロセスは自分自身を常に参照できる'),
  'ptrace.sameIds': t('The caller’s ids equal the target’s ids', '呼び出し側の ID が対象の ID と全て一致すること'),
  'ptrace.ids': t('The caller’s file system ids equal the target’s ids', '呼び出し側のファイルシステム ID が対象の ID と一致すること'),
  'ptrace.dumpable': t('The target is dumpable', '対象が dumpable であること'),
  'ptrace.capabilities': t('The target has no capability the caller lacks', '対象が呼び出し側にないケーパビリティを持たないこと'),
  'ptrace.traced': t('Another process traces the target already', '対象は既に別のプロセスにトレースされている'),
  'ptrace.permitted': t('The target has no capability the caller lacks', '対象が呼び出し側にないケーパビリティを持たないこと'),
  'ptrace.ended': t('The target has not ended', '対象が終了していないこと'),
  'ptrace.attachSelf': t('Nobody traces himself', '自分自身はトレースできない'),
  'proc.self': t('Only the process itself writes here', '書き込めるのはそのプロセス自身だけ'),
  'session.child': t('The child is in the caller’s session', '子が呼び出し側と同じセッションにいること'),
  'session.leader': t('A session leader keeps its process group', 'セッションリーダーはプロセスグループを変えられない'),
  'session.group': t('The process group is of the same session', 'プロセスグループが同じセッションのものであること'),
  'session.setsid': t('The caller does not lead a process group', '呼び出し側がプロセスグループのリーダーでないこと'),
  'tty.foreground': t(
    'The foreground group is of the caller’s session',
    'フォアグラウンドグループが呼び出し側のセッションのものであること',
  ),
  'tty.controlling': t('A session leader takes a free terminal', 'セッションリーダーだけが空いている端末を制御端末にできる'),
  'clone.threads_max': t('Number of tasks in the system', 'システム全体のタスク数'),
  'clone.rlimit_nproc': t('Number of processes of this user (RLIMIT_NPROC)', 'このユーザーのプロセス数 (RLIMIT_NPROC)'),
  'prlimit.sameUser': t('The caller’s ids equal the target’s ids', '呼び出し側の ID が対象の ID と一致すること'),
  'prlimit.nr_open': t('RLIMIT_NOFILE is at most fs.nr_open', 'RLIMIT_NOFILE は fs.nr_open まで'),
  'limit.fsize': t('Largest file a process may write (RLIMIT_FSIZE)', 'プロセスが書けるファイルの最大サイズ (RLIMIT_FSIZE)'),
  'limit.nofile': t('Number of open files (RLIMIT_NOFILE)', '開いているファイルの数 (RLIMIT_NOFILE)'),
  'net.pingGroupRange': t(
    'A group of the caller lies in net.ipv4.ping_group_range',
    '呼び出し側のグループが net.ipv4.ping_group_range に入ること',
  ),
  seccomp: t('The seccomp filter lets the call through', 'seccomp フィルターが呼び出しを通すこと'),
  'apparmor.file': t('The AppArmor profile allows this access to the file', 'AppArmor プロファイルがこのファイルアクセスを許すこと'),
  'apparmor.exec': t('The AppArmor profile knows how to enter the program', 'AppArmor プロファイルがプログラムの実行方法を定めていること'),
  'apparmor.capability': t('The AppArmor profile lets the capability count', 'AppArmor プロファイルがケーパビリティを認めること'),
  'apparmor.rlimit': t('The AppArmor profile allows the resource limit', 'AppArmor プロファイルがリソース上限を許すこと'),
  'apparmor.network': t('The AppArmor profile allows the socket', 'AppArmor プロファイルがソケットを許すこと'),
  'apparmor.mount': t('The AppArmor profile allows the mount', 'AppArmor プロファイルがマウントを許すこと'),
  'apparmor.signal': t('The AppArmor profiles of both tasks allow the signal', '双方の AppArmor プロファイルがシグナルを許すこと'),
  'selinux.type': t(
    'The SELinux policy allows the domain this access to objects of this type',
    'SELinux ポリシーがこのドメインにこのタイプへのアクセスを許すこと',
  ),
  'selinux.mcs': t(
    'The level of the process has all categories of the object',
    'プロセスのレベルがオブジェクトのカテゴリーをすべて含むこと',
  ),
  'selinux.capability': t('The SELinux policy lets the capability count', 'SELinux ポリシーがケーパビリティを認めること'),
  'selinux.transition': t('A confined domain stays what it is', '制限されたドメインは別のドメインに移れない'),
  'selinux.setenforce': t('Switching SELinux is for unconfined domains', 'SELinux の切り替えは制限のないドメインだけ'),
  'apparmor.ptrace': t('The AppArmor profiles of both tasks allow looking in', '双方の AppArmor プロファイルが ptrace を許すこと'),
  'apparmor.change_profile': t('The AppArmor profile allows the change to the other', 'AppArmor プロファイルが切り替えを許すこと'),
};

export const helped = (language: Language): string => (language === 'ja' ? '何があれば許されたか' : 'What would have helped');

/** What a rule is about, as a heading, with the place where it is written down. */
export function ruleText(rule: RuleId, language: Language): { readonly title: string; readonly citation: string } {
  const { citation } = ruleOf(rule);
  const known = TEXTS[rule as keyof typeof RULES] ?? CLUSTER_TEXTS[rule as ClusterRule]?.title;
  if (known !== undefined) return { title: known[language], citation };
  const name = `CAP_${rule.slice('cap.'.length)}`;
  return { title: language === 'ja' ? `実効セットの ${name}` : `${name} in the effective set`, citation };
}
