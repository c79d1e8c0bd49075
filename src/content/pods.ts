// The lessons: six pods with a title, a hint and the commands worth trying, in both languages.

import { MANIFEST_1, MANIFEST_2, MANIFEST_3, MANIFEST_4, MANIFEST_5, MANIFEST_6 } from './manifests.ts';
import type { Bilingual } from './text.ts';

/** A command to try. `inside`: typed at the shell in the container rather than on the workstation. */
export interface Step {
  readonly run: string;
  readonly inside: boolean;
  readonly note: Bilingual;
}

export interface TutorialPod {
  readonly id: string;
  readonly file: string; // in the workstation's home directory
  readonly url: string;
  readonly pod: string;
  readonly container: string;
  readonly yaml: string;
  readonly title: Bilingual;
  readonly hint: Bilingual;
  readonly steps: readonly Step[];
}

const host = (run: string, en: string, ja: string): Step => ({ run, inside: false, note: { en, ja } });
const inside = (run: string, en: string, ja: string): Step => ({ run, inside: true, note: { en, ja } });

const around = (file: string, pod: string, steps: readonly Step[]): Step[] => [
  host(`kubectl apply -f ${file}`, 'Create the Pod', 'Pod を作成します'),
  host(`kubectl get pod ${pod}`, 'Verify that it is running', '実行中であることを確かめます'),
  host(`kubectl exec -it ${pod} -- sh`, 'Get a shell into the container', 'コンテナーのシェルに入ります'),
  ...steps,
  inside('exit', 'Leave the shell', 'シェルを終了します'),
  host(`kubectl delete pod ${pod}`, 'Clean up', '後片付けをします'),
];

const urlOf = (file: string): string => `https://k8s.io/examples/pods/security/${file}`;

const lesson = (
  id: string,
  file: string,
  pod: string,
  container: string,
  yaml: string,
  title: Bilingual,
  hint: Bilingual,
  steps: readonly Step[],
): TutorialPod => ({ id, file, url: urlOf(file), pod, container, yaml, title, hint, steps: around(file, pod, steps) });

export const TUTORIAL_PODS: readonly TutorialPod[] = [
  lesson(
    '1',
    'security-context.yaml',
    'security-context-demo',
    'sec-ctx-demo',
    MANIFEST_1,
    { en: 'Pod: user, groups and a volume', ja: 'Pod: ユーザー、グループ、ボリューム' },
    {
      en: 'Every process runs as user 1000 with primary group 3000. The volume is owned by group 2000 (fsGroup), and so are the files made in it. Group 4000 is one more supplementary group.',
      ja: 'すべてのプロセスはユーザー 1000、プライマリーグループ 3000 で動きます。ボリュームとその中に作られるファイルの所有グループは 2000 (fsGroup) です。4000 は追加の補助グループです。',
    },
    [
      inside('ps', 'The processes run as user 1000', 'プロセスはユーザー 1000 で動いています'),
      inside('cd /data', 'Where the volume is mounted', 'ボリュームのある場所です'),
      inside('ls -l', 'Group 2000: the value of fsGroup', 'グループ 2000 は fsGroup の値です'),
      inside('cd demo', 'Into the volume', 'ボリュームの中へ'),
      inside('echo hello > testfile', 'Create a file', 'ファイルを作ります'),
      inside('ls -l', 'The file has group 2000, too', 'ファイルのグループも 2000 です'),
      inside('id', 'uid 1000, gid 3000, groups 2000 and 4000', 'uid 1000、gid 3000、グループ 2000 と 4000'),
    ],
  ),
  lesson(
    '2',
    'security-context-2.yaml',
    'security-context-demo-2',
    'sec-ctx-demo-2',
    MANIFEST_2,
    { en: 'Container: overrides the Pod', ja: 'コンテナー: Pod の設定を上書き' },
    {
      en: 'Settings of a container win over those of its Pod: the process runs as user 2000, not 1000.',
      ja: 'コンテナーの設定は Pod の設定より優先されます。プロセスは 1000 ではなくユーザー 2000 で動きます。',
    },
    [
      inside('ps aux', 'The processes run as user 2000', 'プロセスはユーザー 2000 で動いています'),
      inside('id', 'No runAsGroup: the primary group is 0', 'runAsGroup がないのでプライマリーグループは 0 です'),
    ],
  ),
  lesson(
    '3',
    'security-context-3.yaml',
    'security-context-demo-3',
    'sec-ctx-3',
    MANIFEST_3,
    { en: 'Capabilities: the default', ja: 'ケーパビリティー: 既定値' },
    {
      en: 'Without a security context the process is root with the container runtime’s default capabilities. Note the bitmap in CapPrm and CapEff; lesson 4 adds two bits.',
      ja: 'セキュリティーコンテキストがなければ、プロセスは root で、コンテナーランタイム既定のケーパビリティーを持ちます。CapPrm と CapEff のビットマップを覚えておきましょう。レッスン 4 で 2 ビット増えます。',
    },
    [
      inside('ps aux', 'The process runs as root', 'プロセスは root で動いています'),
      inside('cd /proc/1', 'The kernel’s view of process 1', 'カーネルから見たプロセス 1 です'),
      inside('cat status', 'CapPrm and CapEff are 00000000a80425fb', 'CapPrm と CapEff は 00000000a80425fb です'),
    ],
  ),
  lesson(
    '4',
    'security-context-4.yaml',
    'security-context-demo-4',
    'sec-ctx-4',
    MANIFEST_4,
    { en: 'Capabilities: two added', ja: 'ケーパビリティー: 2 つ追加' },
    {
      en: 'NET_ADMIN is bit 12 and SYS_TIME is bit 25: the bitmap becomes 00000000aa0435fb. Compare it with lesson 3 in the capability inspector.',
      ja: 'NET_ADMIN はビット 12、SYS_TIME はビット 25 です。ビットマップは 00000000aa0435fb になります。ケーパビリティー表示でレッスン 3 と比べてみましょう。',
    },
    [
      inside('cd /proc/1', 'The kernel’s view of process 1', 'カーネルから見たプロセス 1 です'),
      inside('cat status', 'CapPrm and CapEff are 00000000aa0435fb', 'CapPrm と CapEff は 00000000aa0435fb です'),
    ],
  ),
  lesson(
    '5',
    'security-context-5.yaml',
    'security-context-demo',
    'sec-ctx-demo',
    MANIFEST_5,
    { en: 'Implicit groups from the image', ja: 'イメージ由来の暗黙のグループ' },
    {
      en: 'Group 50000 does not stand in the manifest: /etc/group of the image puts user 1000 into it, and by default (Merge) such groups are added.',
      ja: 'グループ 50000 はマニフェストにありません。イメージの /etc/group がユーザー 1000 をそこに入れており、既定 (Merge) ではそれが加えられます。',
    },
    [
      inside('id', 'Group 50000 came with the image', 'グループ 50000 はイメージから来ました'),
      inside('cat /etc/group', 'The line that did it', '原因となった行です'),
    ],
  ),
  lesson(
    '6',
    'security-context-6.yaml',
    'security-context-demo',
    'sec-ctx-demo',
    MANIFEST_6,
    { en: 'supplementalGroupsPolicy: Strict', ja: 'supplementalGroupsPolicy: Strict' },
    {
      en: 'With Strict only groups named in the manifest count: 50000 is gone. The status of the Pod shows the identity of its first process as well. Delete the Pod of lesson 5 first: it has the same name.',
      ja: 'Strict ではマニフェストに書かれたグループだけが有効で、50000 は消えます。Pod の status にも最初のプロセスの識別情報が表れます。レッスン 5 の Pod は同じ名前なので、先に削除しましょう。',
    },
    [inside('id', 'Only 3000 and 4000', '3000 と 4000 だけです')],
  ),
];

/** containerd's default capability set, as /proc/PID/status prints it. Counterpart: containerd pkg/oci defaultUnixCaps */
export const CONTAINERD_DEFAULT_CAPABILITIES = '00000000a80425fb';
