// What each capability allows, and a command that fails without it. In bit order, like the table in abi.
// Counterpart: capabilities(7)

import { CAPABILITIES } from '#abi/capability.ts';
import type { Bilingual } from './text.ts';

export interface CapabilityText {
  readonly bit: number;
  readonly name: string; // with CAP_
  readonly meaning: Bilingual;
  readonly command: string; // a command that needs it
}

const ROWS: readonly (readonly [en: string, ja: string, command: string])[] = [
  ['Change owner and group of any file', '任意のファイルの所有者とグループを変更', 'chown 1234 /tmp/f'],
  ['Bypass read, write and execute permission checks', '読み書き実行の権限検査を回避', 'cat /etc/shadow'],
  ['Bypass read permission of files and search of directories', 'ファイルの読み取りとディレクトリー検索の検査を回避', 'ls /root'],
  ['Act as the owner of any file', '任意のファイルの所有者として操作', 'chmod 600 /tmp/f'],
  ['Keep set-user-ID and set-group-ID bits when files change', 'ファイル変更時に setuid/setgid ビットを保持', 'chmod g+s /tmp/f'],
  ['Send signals to any process', '任意のプロセスへシグナルを送信', 'kill 1'],
  ['Change group IDs and supplementary groups', 'グループ ID と補助グループを変更', 'su nobody'],
  ['Change user IDs', 'ユーザー ID を変更', 'su nobody'],
  ['Drop from the bounding set, raise inheritable bits', 'バウンディングセットの削減と継承ビットの追加', 'capsh --drop=cap_net_raw'],
  ['Set the immutable and append-only attributes', '変更不可・追記専用属性を設定', 'chattr +i /tmp/f'],
  ['Bind to ports below 1024', '1024 未満のポートにバインド', 'nc -l -p 80'],
  ['Broadcast and listen to multicast (unused)', 'ブロードキャストとマルチキャスト (未使用)', ''],
  ['Configure interfaces, routes and firewalls', 'インターフェース、経路、ファイアウォールを設定', 'ip link add dummy0 type dummy'],
  ['Use raw and packet sockets', 'RAW ソケットとパケットソケットを使用', 'ping -c 1 127.0.0.1'],
  ['Lock memory beyond the limit', '上限を超えてメモリーをロック', ''],
  ['Bypass permission checks of System V IPC', 'System V IPC の権限検査を回避', 'ipcs'],
  ['Load and unload kernel modules', 'カーネルモジュールの読み込みと取り外し', 'insmod m.ko'],
  ['Access I/O ports and physical memory', 'I/O ポートと物理メモリーにアクセス', 'cat /dev/mem'],
  ['Change the root directory', 'ルートディレクトリーを変更', 'chroot / sh'],
  ['Trace and inspect any process', '任意のプロセスを追跡・調査', 'cat /proc/1/environ'],
  ['Switch process accounting', 'プロセスアカウンティングを切り替え', ''],
  ['Mount, set host name and a very wide range of administration', 'マウントやホスト名設定など広範な管理操作', 'mount -t tmpfs t /mnt'],
  ['Reboot and load a new kernel', '再起動と新しいカーネルの読み込み', 'reboot -f'],
  ['Raise priority, change scheduling of any process', '優先度の引き上げ、任意プロセスのスケジューリング変更', 'nice -n -5 id'],
  ['Exceed resource limits and quotas', 'リソース上限とクォータを超過', 'ulimit -Hn 2000000'],
  ['Set the system clock', 'システム時計を設定', 'date -s 00:00'],
  ['Configure virtual terminals', '仮想端末を設定', ''],
  ['Create device files', 'デバイスファイルを作成', 'mknod /tmp/d c 1 3'],
  ['Take leases on any file', '任意のファイルにリースを設定', ''],
  ['Write to the kernel’s audit log', 'カーネル監査ログに書き込み', ''],
  ['Configure the audit system', '監査システムを設定', ''],
  ['Set capabilities of files', 'ファイルのケーパビリティーを設定', 'setcap cap_net_raw+ep /tmp/f'],
  ['Override mandatory access control (Smack)', '強制アクセス制御を無視 (Smack)', ''],
  ['Configure mandatory access control (Smack)', '強制アクセス制御を設定 (Smack)', ''],
  ['Read and clear the kernel’s log', 'カーネルログの読み取りと消去', 'dmesg'],
  ['Wake the system with a timer', 'タイマーでシステムを起こす', ''],
  ['Block system suspend', 'システムのサスペンドを阻止', ''],
  ['Read the audit log', '監査ログを読む', ''],
  ['Use performance monitoring', '性能監視を使用', ''],
  ['Load BPF programs', 'BPF プログラムを読み込み', ''],
  ['Checkpoint and restore processes', 'プロセスのチェックポイントと復元', ''],
];

export const CAPABILITY_TEXTS: readonly CapabilityText[] = CAPABILITIES.map((name, bit) => {
  const [en, ja, command] = ROWS[bit] as (typeof ROWS)[number];
  return { bit, name, meaning: { en, ja }, command };
});
