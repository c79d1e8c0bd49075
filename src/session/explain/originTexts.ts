// What the rules behind values of an artefact do, in both languages: those a reader would ask about. Ids as the runtime, the kubelet
// and the API server write them into origins.

import type { Bilingual } from './ruleTexts.ts';

const t = (en: string, ja: string): Bilingual => ({ en, ja });

const TEXTS: Readonly<Record<string, Bilingual>> = {
  'user.gidFromPasswd': t(
    'no runAsGroup: the primary group of the user in the image’s /etc/passwd',
    'runAsGroup がないので、イメージの /etc/passwd にあるユーザーの主グループ',
  ),
  'user.gidDefault': t(
    'no runAsGroup, and /etc/passwd of the image does not know the user: group 0',
    'runAsGroup がなく、イメージの /etc/passwd にもユーザーがないのでグループ 0',
  ),
  'containerd.additionalGids': t(
    'the groups of the process: its own, those the image’s /etc/group lists for the user (policy Merge), fsGroup and supplementalGroups',
    'プロセスのグループ: 自身の GID、イメージの /etc/group がユーザーに与えるもの (Merge の場合)、fsGroup と supplementalGroups',
  ),
  'containerd.capabilities': t(
    'the default set, then what add and drop say (ALL first); bounding, permitted and effective get the same. A privileged container gets all',
    '既定セットに add と drop を適用 (ALL が先)。bounding・permitted・effective は同じになる。特権コンテナは全部',
  ),
  'containerd.defaultCapabilities': t(
    'the 14 capabilities containerd gives to every container',
    'containerd がどのコンテナにも与える 14 のケーパビリティ',
  ),
  'containerd.environment': t(
    'the image’s Env, then PATH if missing, then what the kubelet passes',
    'イメージの Env、なければ PATH、次に kubelet が渡すもの',
  ),
  'containerd.apparmor': t(
    'the profile asked for; by default cri-containerd.apparmor.d where the node has AppArmor',
    '指定されたプロファイル。既定では AppArmor のあるノードで cri-containerd.apparmor.d',
  ),
  'kubelet.volumeGroup': t(
    'the group of the persistent volume, from its annotation pv.beta.kubernetes.io/gid',
    '永続ボリュームのアノテーション pv.beta.kubernetes.io/gid のグループ',
  ),
  'kubelet.volumeMount': t(
    'the volume that volumeMounts names, mounted where it says',
    'volumeMounts が指すボリュームを、書かれた場所にマウントする',
  ),
  'containerd.seccomp': t(
    'RuntimeDefault becomes containerd’s list of allowed calls; Unconfined and privileged: no filter',
    'RuntimeDefault は containerd の許可リストになる。Unconfined と特権ではフィルターなし',
  ),
  'containerd.relabel': t(
    'the container’s SELinux label for the files of the volume, where the mount does not carry it',
    'マウントがラベルを持たない場合、ボリュームのファイルにコンテナの SELinux ラベルを付ける',
  ),
  'containerd.selinux': t(
    'type container_t (spc_t for privileged ones) and two categories of its own, where seLinuxOptions says nothing else',
    'seLinuxOptions の指定がなければ type container_t (特権では spc_t) と固有の 2 カテゴリー',
  ),
  'containerd.resources': t(
    'limits of the cgroup; the device list is open for privileged containers',
    'cgroup の制限。特権コンテナではデバイスの制限がない',
  ),
  'containerd.devices': t(
    'a privileged container gets the devices of the node, others the usual six',
    '特権コンテナはノードのデバイス、他は通常の 6 つだけ',
  ),
  'containerd.mounts': t(
    'mounts every container gets: /proc, /dev, /sys and so on',
    'どのコンテナにもあるマウント: /proc、/dev、/sys など',
  ),
  'kubelet.mounts': t(
    'files the kubelet adds: /etc/hosts, the termination log, the token',
    'kubelet が加えるファイル: /etc/hosts、終了ログ、トークン',
  ),
  'kubelet.seLinuxMount': t(
    'the whole volume is mounted with the label (-o context), no file is touched',
    'ボリューム全体をラベル付きでマウント (-o context)。ファイルには触れない',
  ),
  'kubelet.seLinuxRelabel': t('the label is written to every file of the volume', 'ボリュームの全ファイルにラベルを書き込む'),
  'admission.serviceAccount': t(
    'the plugin ServiceAccount names the account and adds the volume with its token',
    'ServiceAccount プラグインがアカウントとトークンのボリュームを加える',
  ),
  'admission.priority': t('the plugin Priority sets priority and preemption', 'Priority プラグインが優先度を設定'),
  'admission.defaultTolerationSeconds': t(
    'the plugin DefaultTolerationSeconds lets the Pod stay 300 s on a failing node',
    'DefaultTolerationSeconds プラグインが障害ノードに 300 秒とどまらせる',
  ),
  'api.appArmorAnnotation': t(
    'the deprecated annotation of AppArmor becomes the field',
    '非推奨の AppArmor アノテーションをフィールドに写す',
  ),
};

/** What a rule of an origin does; undefined: its name says it. */
export const originRuleText = (rule: string): Bilingual | undefined => TEXTS[rule];
