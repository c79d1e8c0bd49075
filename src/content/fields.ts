// The manifest's fields that the lessons are about, for completion and hover in the editor. Our own words.

import type { Bilingual } from './text.ts';

export interface Field {
  readonly name: string;
  readonly text: Bilingual;
  readonly values?: readonly string[];
}

const field = (name: string, en: string, ja: string, values?: readonly string[]): Field => ({
  name,
  text: { en, ja },
  ...(values ? { values } : {}),
});
const BOOLEAN = ['true', 'false'];

const SHARED: readonly Field[] = [
  field('runAsUser', 'User ID of the first process. Default: the image’s user.', '最初のプロセスのユーザー ID。既定はイメージのユーザー。'),
  field(
    'runAsGroup',
    'Primary group ID. Default: from the image’s /etc/passwd, else 0.',
    'プライマリーグループ ID。既定はイメージの /etc/passwd、なければ 0。',
  ),
  field('runAsNonRoot', 'The kubelet refuses to start the container as user 0.', 'kubelet はユーザー 0 での起動を拒否します。', BOOLEAN),
  field('seccompProfile', 'Filter of system calls.', 'システムコールのフィルター。'),
  field('appArmorProfile', 'AppArmor profile, where the node has AppArmor.', 'AppArmor プロファイル (ノードが対応している場合)。'),
  field('seLinuxOptions', 'SELinux label, where the node has SELinux.', 'SELinux ラベル (ノードが対応している場合)。'),
];

/** Fields by the kind of object they stand in. */
export const FIELDS = {
  pod: [
    field('apiVersion', 'Version of the API: v1 for a Pod.', 'API のバージョン。Pod では v1。', ['v1']),
    field('kind', 'What this is.', 'オブジェクトの種類。', ['Pod']),
    field('metadata', 'Name, labels and annotations.', '名前、ラベル、アノテーション。'),
    field('spec', 'What should run.', '何を動かすか。'),
  ],
  metadata: [
    field('name', 'Name of the Pod, unique in its namespace.', 'Pod の名前。名前空間内で一意です。'),
    field('namespace', 'Namespace of the Pod.', 'Pod の名前空間。'),
    field('labels', 'Labels.', 'ラベル。'),
    field('annotations', 'Annotations.', 'アノテーション。'),
  ],
  spec: [
    field(
      'securityContext',
      'Settings for all containers of the Pod, and for its volumes.',
      'Pod のすべてのコンテナーとボリュームの設定。',
    ),
    field('containers', 'The containers.', 'コンテナーの一覧。'),
    field('initContainers', 'Containers that run to completion first.', '先に実行され完了するコンテナー。'),
    field('volumes', 'Volumes that containers may mount.', 'コンテナーがマウントできるボリューム。'),
    field('restartPolicy', 'What happens when a container ends.', 'コンテナー終了時の動作。', ['Always', 'OnFailure', 'Never']),
    field('hostPID', 'See the node’s processes.', 'ノードのプロセスが見えるようにします。', BOOLEAN),
    field('hostNetwork', 'Use the node’s network.', 'ノードのネットワークを使います。', BOOLEAN),
    field('hostIPC', 'Use the node’s IPC namespace.', 'ノードの IPC 名前空間を使います。', BOOLEAN),
    field('hostUsers', 'false: run in a user namespace of its own.', 'false なら専用のユーザー名前空間で動きます。', BOOLEAN),
    field('shareProcessNamespace', 'All containers see each other’s processes.', 'コンテナー同士でプロセスが見えます。', BOOLEAN),
  ],
  podSecurityContext: [
    ...SHARED,
    field(
      'fsGroup',
      'Group that owns volumes; every process gets it as a supplementary group.',
      'ボリュームの所有グループ。全プロセスの補助グループにもなります。',
    ),
    field('fsGroupChangePolicy', 'When ownership of a volume is changed.', 'ボリュームの所有権をいつ変更するか。', [
      'Always',
      'OnRootMismatch',
    ]),
    field('supplementalGroups', 'More groups for every process.', '全プロセスに加える補助グループ。'),
    field('supplementalGroupsPolicy', 'Do groups of the image’s /etc/group count, too?', 'イメージの /etc/group のグループも加えるか。', [
      'Merge',
      'Strict',
    ]),
    field('sysctls', 'Kernel parameters of the Pod’s namespaces.', 'Pod の名前空間のカーネルパラメーター。'),
  ],
  container: [
    field('name', 'Name of the container.', 'コンテナーの名前。'),
    field('image', 'Image to run.', '実行するイメージ。'),
    field('command', 'Replaces the image’s entrypoint.', 'イメージの entrypoint を置き換えます。'),
    field('args', 'Arguments; replaces the image’s command.', '引数。イメージの cmd を置き換えます。'),
    field('workingDir', 'Working directory.', '作業ディレクトリー。'),
    field('env', 'Environment variables.', '環境変数。'),
    field('volumeMounts', 'Volumes, and where they appear.', 'ボリュームとそのマウント先。'),
    field(
      'securityContext',
      'Settings of this container; they win over those of the Pod.',
      'このコンテナーの設定。Pod の設定より優先されます。',
    ),
    field('stdin', 'Keep standard input open.', '標準入力を開いたままにします。', BOOLEAN),
    field('tty', 'Give the first process a terminal.', '最初のプロセスに端末を与えます。', BOOLEAN),
  ],
  containerSecurityContext: [
    ...SHARED,
    field(
      'allowPrivilegeEscalation',
      'false sets no_new_privs: set-user-ID programs gain nothing.',
      'false なら no_new_privs が設定され、setuid プログラムでも権限は増えません。',
      BOOLEAN,
    ),
    field(
      'capabilities',
      'Capabilities to add to or drop from the runtime’s default.',
      'ランタイム既定に加える、または外すケーパビリティー。',
    ),
    field(
      'privileged',
      'All capabilities, all devices, no masks: nearly root on the node.',
      '全ケーパビリティーと全デバイス。ノードの root とほぼ同じです。',
      BOOLEAN,
    ),
    field(
      'readOnlyRootFilesystem',
      'The root file system is mounted read-only.',
      'ルートファイルシステムを読み取り専用にします。',
      BOOLEAN,
    ),
    field('procMount', 'Default masks parts of /proc.', 'Default は /proc の一部を隠します。', ['Default', 'Unmasked']),
  ],
  capabilities: [
    field('add', 'Capabilities to add, without CAP_; ALL for all.', '加えるケーパビリティー (CAP_ なし)。ALL で全部。'),
    field('drop', 'Capabilities to drop, without CAP_; ALL for all.', '外すケーパビリティー (CAP_ なし)。ALL で全部。'),
  ],
  profile: [
    field('type', 'Which profile.', 'どのプロファイルか。', ['RuntimeDefault', 'Unconfined', 'Localhost']),
    field('localhostProfile', 'Profile on the node, for type Localhost.', 'type が Localhost のときのノード上のプロファイル。'),
  ],
} as const satisfies Record<string, readonly Field[]>;

export type FieldGroup = keyof typeof FIELDS;
