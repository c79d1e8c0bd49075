// What is said of lines that are accepted but change nothing, in both languages.

import type { Bilingual } from './ruleTexts.ts';

const t = (en: string, ja: string): Bilingual => ({ en, ja });

const privileged = (en: string, ja: string): Bilingual =>
  t(
    `no effect: a privileged container ${en}; set privileged to false to have it count`,
    `効果なし: 特権コンテナは${ja}。privileged を false にすれば効きます`,
  );

const capability = (en: string, ja: string): Bilingual => t(`no effect: ${en}`, `効果なし: ${ja}`);

export const EFFECT_TEXTS = {
  replaced: (field: string, sandbox: boolean): Bilingual =>
    t(
      `no effect on any container: every container sets its own ${field}; take it out of a container to inherit this one${sandbox ? '. Only the sandbox (the pause process) uses it' : ''}`,
      `どのコンテナにも効果なし: 全コンテナが自分の ${field} を指定しています。コンテナ側の指定を消せばこの値が引き継がれます${sandbox ? '。使うのはサンドボックス (pause プロセス) だけです' : ''}`,
    ),
  groupWithoutUser: t(
    'the Pod will not start: containerd refuses a sandbox with a group but no user; set runAsUser beside it',
    'この Pod は起動しません: containerd はグループだけでユーザーのないサンドボックスを拒否します。runAsUser も指定してください',
  ),
  policyWithoutFsGroup: t(
    'no effect: fsGroup is not set; set it to have volumes changed at all',
    '効果なし: fsGroup がありません。ボリュームの所有者を変えるには fsGroup を指定します',
  ),
  policyWithoutLastingVolume: t(
    'no effect: no volume keeps files of an earlier Pod (the policy does not apply to emptyDir, configMap, secret and projected volumes); use a persistentVolumeClaim to see a difference',
    '効果なし: 以前の Pod のファイルが残るボリュームがありません (このポリシーは emptyDir、configMap、secret、projected には適用されません)。違いを見るには persistentVolumeClaim を使います',
  ),
  unmanagedVolumes: t(
    'changes no volume: the kubelet leaves the ownership of these volumes alone (hostPath, NFS, image); the group is still added to the processes. An emptyDir or a persistentVolumeClaim would get it',
    'どのボリュームも変わりません: kubelet はこれらのボリューム (hostPath、NFS、image) の所有者に触れません。グループはプロセスには付きます。emptyDir や persistentVolumeClaim なら変わります',
  ),
  noSeLinuxOptions: t(
    'no effect: there is no seLinuxOptions, so no volume is relabelled for it',
    '効果なし: seLinuxOptions がないので、ラベルを付け直すボリュームがありません',
  ),
  privileged: {
    capabilities: privileged('has every capability', '全ケーパビリティを持ちます'),
    seccompProfile: privileged('runs without seccomp', ' seccomp なしで動きます'),
    appArmorProfile: privileged('runs without an AppArmor profile', ' AppArmor プロファイルなしで動きます'),
    procMount: privileged('sees an unmasked /proc', 'マスクされていない /proc を見ます'),
  },
  boundingOnly: (uid: number): Bilingual =>
    t(
      `the process runs as uid ${uid}, so the added capabilities only widen its bounding set; its effective set stays empty. They would count for uid 0, or for a program file with capabilities`,
      `プロセスは uid ${uid} で動くので、追加したケーパビリティはバウンディングセットを広げるだけで、実効セットは空のままです。uid 0 か、ケーパビリティ付きのプログラムファイルなら効きます`,
    ),
  seccompDefault: t(
    'no effect on this node: its kubelet runs with seccompDefault, so RuntimeDefault holds without the line',
    'このノードでは効果なし: kubelet が seccompDefault で動いているので、この行がなくても RuntimeDefault です',
  ),
  capability: {
    prefixed: (name: string): Bilingual =>
      capability(
        `the runtime puts CAP_ before the name itself; write it without the prefix: ${name}`,
        `ランタイムが名前の前に CAP_ を付けます。接頭辞なしで ${name} と書いてください`,
      ),
    unknown: capability(
      'there is no capability of this name; see the 41 names in capabilities(7), without CAP_',
      'この名前のケーパビリティはありません。capabilities(7) の 41 の名前を CAP_ なしで書きます',
    ),
    allDropped: capability('ALL is dropped already', 'ALL がすでに外されています'),
    notThere: capability(
      'the container would not have it anyway; it is neither in the runtime’s default set nor added',
      'もともとコンテナにありません。ランタイムの既定セットになく、追加もされていません',
    ),
    droppedToo: capability(
      'it is dropped too, and drop comes last; take it out of drop',
      'drop にもあり、drop が後に適用されます。drop から外してください',
    ),
    allAdded: capability('ALL is added already', 'ALL がすでに追加されています'),
    default: capability(
      'the runtime’s default set has it already; it would matter together with drop: ["ALL"]',
      'ランタイムの既定セットにすでにあります。drop: ["ALL"] と一緒なら意味があります',
    ),
  },
  windowsOnly: t('no effect: these options count on Windows nodes only', '効果なし: これらは Windows ノードでだけ使われます'),
  noSeLinux: t(
    'changes nothing on this node: SELinux is not enabled there; it takes a node with SELinux enforcing',
    'このノードでは何も変わりません: SELinux が有効ではありません。SELinux が enforcing のノードが必要です',
  ),
} as const;
