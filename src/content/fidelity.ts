// What is simulated, and how truly: the table behind the page "What is simulated". Every file whose comments say `Deviates:`
// must lie in a row that is not "full" (checked by src/fidelity.test.ts).

import type { Bilingual } from './text.ts';

export type Fidelity = 'full' | 'partial' | 'refused';

export interface FidelityRow {
  readonly area: Bilingual;
  readonly fidelity: Fidelity;
  /** What a reader would notice. */
  readonly note: Bilingual;
  /** Files or folders (ending in /) below src that answer for it. */
  readonly code: readonly string[];
}

export const FIDELITY: readonly FidelityRow[] = [
  {
    area: { en: 'Manifests: decoding, defaults, validation', ja: 'マニフェスト: デコード、既定値、検証' },
    fidelity: 'partial',
    note: {
      en: 'Pods completely, other kinds in what matters to Pods; rare YAML errors may be worded differently, numbers beyond 2^53 lose digits. Managed fields are not kept: a server-side apply merges and never conflicts. RBAC is evaluated; granting more than one has is not prevented, and the roles of the control plane’s components are missing.',
      ja: 'Pod は全て、他の種類は Pod に関わる範囲。まれな YAML エラーは文面が異なることがあり、2^53 を超える数は桁が落ちます。managedFields は記録されず、server-side apply は競合せずにマージするだけです。RBAC は評価されますが、自分より強い権限の付与は防がれず、コントロールプレーンの部品のロールはありません。',
    },
    code: ['yaml/', 'kube/api/', 'kube/apiserver/'],
  },
  {
    area: { en: 'Pod Security Admission', ja: 'Pod Security Admission' },
    fidelity: 'full',
    note: { en: 'Every check of every published version of the three levels.', ja: '3 つのレベルの公開された全バージョンの全チェック。' },
    code: [
      'kube/apiserver/pod-security.ts',
      'kube/apiserver/pod-security-policy.ts',
      'kube/apiserver/pod-security-checks.ts',
      'kube/apiserver/pod-security-subject.ts',
    ],
  },
  {
    area: { en: 'Scheduler and controllers', ja: 'スケジューラーとコントローラー' },
    fidelity: 'partial',
    note: {
      en: 'One node; the workload controllers create and replace Pods, there is no autoscaling and no garbage collection by time.',
      ja: 'ノードは 1 台。ワークロードのコントローラーは Pod を作り直しますが、オートスケールや時間によるガベージコレクションはありません。',
    },
    code: ['kube/controllers/'],
  },
  {
    area: { en: 'kubelet: containers, volumes, status, events', ja: 'kubelet: コンテナ、ボリューム、status、イベント' },
    fidelity: 'partial',
    note: {
      en: 'Effective security contexts, volumes and the ownership walk, probes, back-off in simulated time; no resource pressure and no eviction.',
      ja: '実効 securityContext、ボリュームと所有権の変更、プローブ、シミュレーション時間でのバックオフ。リソース逼迫や退避はありません。',
    },
    code: ['kube/kubelet/'],
  },
  {
    area: { en: 'containerd, CRI-O and runc', ja: 'containerd、CRI-O、runc' },
    fidelity: 'partial',
    note: {
      en: 'config.json as recorded, runc as a program that makes the real calls in order; create and start are one step, nothing survives a restart of the runtime.',
      ja: 'config.json は記録どおり、runc は実際の順序でシステムコールを発行します。create と start は 1 段階で、ランタイムの再起動後は何も残りません。',
    },
    code: ['runtime/'],
  },
  {
    area: { en: 'Permissions, credentials, capabilities, execve', ja: '権限、クレデンシャル、ケーパビリティ、execve' },
    fidelity: 'full',
    note: {
      en: 'Decided by the kernel’s rules check by check, each recorded with its operands.',
      ja: 'カーネルの規則で 1 つずつ判定し、比較した値と共に記録します。',
    },
    code: ['kernel/cred/', 'kernel/fs/permission.ts'],
  },
  {
    area: { en: 'Files, mounts, processes, signals, terminals', ja: 'ファイル、マウント、プロセス、シグナル、端末' },
    fidelity: 'partial',
    note: {
      en: 'Memory is not simulated; a fork shares nothing but runs its program as a function; the machine cannot be switched off. No quotas (a kubelet’s only measure: EDQUOT never arises); RLIMIT_CPU and RLIMIT_AS are kept but not enforced; policies and processors change no turn.',
      ja: 'メモリはシミュレートしません。fork した子は関数として動きます。マシンの電源は切れません。クォータはなく (kubelet のものは計測のみで EDQUOT は生じない)、RLIMIT_CPU と RLIMIT_AS は保持されるだけで効きません。スケジューリングの設定は順番に影響しません。',
    },
    code: ['kernel/fs/', 'kernel/task/', 'kernel/tty/', 'kernel/machine/', 'kernel/uapi/', 'kernel/context.ts', 'kernel/causes.ts'],
  },
  {
    area: { en: '/proc, /sys and cgroups', ja: '/proc、/sys、cgroup' },
    fidelity: 'partial',
    note: {
      en: 'The files that credentials and namespaces show in; memory figures are made up. A container’s limits stand in the files of its control group; only the number of processes is enforced.',
      ja: 'クレデンシャルと名前空間が現れるファイル。メモリの数値は仮のものです。コンテナの制限は cgroup のファイルに表示されますが、実際に制限するのはプロセス数だけです。',
    },
    code: ['kernel/proc/'],
  },
  {
    area: { en: 'System V IPC', ja: 'System V IPC' },
    fidelity: 'partial',
    note: {
      en: 'Shared memory, semaphores and queues of an IPC namespace are made, listed, checked and removed. They have no contents: nothing is attached, counted up or sent.',
      ja: 'IPC 名前空間の共有メモリ、セマフォ、キューを作成・一覧・権限検査・削除できます。中身はなく、アタッチ、値の増減、メッセージの送受信はできません。',
    },
    code: ['kernel/task/ipc.ts'],
  },
  {
    area: { en: 'seccomp', ja: 'seccomp' },
    fidelity: 'partial',
    note: {
      en: 'Profiles are evaluated rule by rule on the calls programs make here, which are fewer than a real C library makes; nothing answers SCMP_ACT_NOTIFY.',
      ja: 'プロファイルは、ここでプログラムが発行するシステムコールに対して 1 規則ずつ評価されます (本物の C ライブラリより少ない)。SCMP_ACT_NOTIFY には応答しません。',
    },
    code: ['kernel/seccomp/', 'runtime/runc/seccomp.ts', 'runtime/containerd/seccomp.ts'],
  },
  {
    area: { en: 'AppArmor and SELinux', ja: 'AppArmor と SELinux' },
    fidelity: 'partial',
    note: {
      en: 'On nodes that have them enabled; written from their manual pages, since no recording has them. The policies are what containers need, not a distribution’s.',
      ja: '有効にしたノードでのみ動作。記録がないため manual ページに基づきます。ポリシーはコンテナに必要な範囲で、ディストリビューションのものではありません。',
    },
    code: ['kernel/lsm/'],
  },
  {
    area: { en: 'Network', ja: 'ネットワーク' },
    fidelity: 'partial',
    note: {
      en: 'Only what permissions decide: interfaces, ports and ping on the own addresses. Nothing else is reachable.',
      ja: '権限で決まる範囲だけ: 自分のアドレスに対するインターフェース、ポート、ping。それ以外へは届きません。',
    },
    code: ['userland/net/'],
  },
  {
    area: { en: 'Shells: ash, dash, bash', ja: 'シェル: ash、dash、bash' },
    fidelity: 'partial',
    note: {
      en: 'Compared with the real ash and dash on thousands of snippets; of bash what scripts commonly use, arrays included; coproc, name references, pushd, programmable completion are not there. ash and bash edit their lines as recorded; on the page the prompt line is the page’s own.',
      ja: '本物の ash と dash に対し数千の断片で比較済み。bash は配列を含むよく使われる範囲で、coproc、名前参照、pushd、プログラム補完はありません。ash と bash の行編集は記録どおりで、このページのプロンプト行はページ自身のものです。',
    },
    code: ['userland/shell/'],
  },
  {
    area: { en: 'nginx', ja: 'nginx' },
    fidelity: 'partial',
    note: {
      en: 'Reads its configuration, makes its directories, opens its logs, takes its ports and starts workers as the real one does, with its messages; it answers no requests, and reload is not simulated.',
      ja: '設定の読み込み、ディレクトリとログの作成、ポートの確保、ワーカーの起動は本物と同じ順序とメッセージで行います。リクエストには応答せず、reload はありません。',
    },
    code: ['userland/servers/', 'runtime/images/nginx.ts'],
  },
  {
    area: { en: 'strace', ja: 'strace' },
    fidelity: 'partial',
    note: {
      en: 'Lists the calls the simulated programs really make; the loader and libc (brk, mmap, ld.so.cache) make none here, and times are simulated.',
      ja: 'シミュレートされたプログラムが実際に行う呼び出しを表示。ローダーや libc の呼び出し (brk、mmap、ld.so.cache) はここにはなく、時間はシミュレートされたものです。',
    },
    code: ['userland/strace/', 'kernel/task/trace.ts'],
  },
  {
    area: { en: 'Commands of busybox and Debian', ja: 'busybox と Debian のコマンド' },
    fidelity: 'partial',
    note: {
      en: 'The ones a learner types, with the options tutorials use; a program that is in the image but not simulated says so and exits with 127.',
      ja: '学習者が使うコマンドと、チュートリアルで使うオプション。イメージにあってもシミュレートしないものは、その旨を表示して 127 で終了します。',
    },
    code: ['userland/'],
  },
  {
    area: { en: 'kubectl', ja: 'kubectl' },
    fidelity: 'partial',
    note: {
      en: 'Commands and output of v1.36; what is not simulated is refused with a sentence, never ignored. --help gives usage and flags, not the long texts. You are the cluster’s administrator.',
      ja: 'v1.36 のコマンドと出力。シミュレートしないものは無視せず、その旨を表示して拒否します。--help は使い方とフラグの一覧だけを表示し、長い説明はありません。利用者はクラスター管理者です。',
    },
    code: ['userland/kubectl/'],
  },
  {
    area: { en: 'Workstation', ja: '作業端末' },
    fidelity: 'partial',
    note: {
      en: 'Shares the node’s kernel and clock instead of being a machine of its own; `why` and `explain` are the playground’s own commands.',
      ja: '独立したマシンではなくノードのカーネルと時計を共有します。`why` と `explain` はこのプレイグラウンド独自のコマンドです。',
    },
    code: ['session/'],
  },
  {
    area: {
      en: 'Packages from the internet: apk, apt, image pulls of unknown images',
      ja: 'インターネットからのパッケージ: apk、apt、未知のイメージの取得',
    },
    fidelity: 'refused',
    note: {
      en: 'There is no network behind the page. Images other than the built-in ones do not exist.',
      ja: 'このページの先にネットワークはありません。組み込み以外のイメージは存在しません。',
    },
    code: ['runtime/images/'],
  },
];
