// What the rules of API server, Pod Security, kubelet and runtime say, and what an object that breaks one would need; in both
// languages. A rule without a text is a type error.

import type { ClusterRule } from '#provenance/rules.ts';
import type { Bilingual } from './ruleTexts.ts';

interface ClusterText {
  readonly title: Bilingual;
  /** What would have been accepted; undefined: the message itself says it. */
  readonly remedy?: Bilingual;
}

const t = (en: string, ja: string, remedy?: readonly [en: string, ja: string]): ClusterText => ({
  title: { en, ja },
  ...(remedy && { remedy: { en: remedy[0], ja: remedy[1] } }),
});

export const CLUSTER_TEXTS: Readonly<Record<ClusterRule, ClusterText>> = {
  'api.decode': t('Every field of the manifest exists and has the right type', 'マニフェストの全フィールドが存在し、型が正しいこと'),
  'api.validation': t('The values of the fields are valid, also together', 'フィールドの値が単独でも組み合わせでも有効であること'),
  'api.authorization': t('A role bound to the user allows the request', 'ユーザーに結び付いたロールが要求を許していること', [
    'a RoleBinding or ClusterRoleBinding to a role with this verb and resource; kubectl auth can-i --list --as=… shows what there is',
    'この動詞とリソースを許すロールへの RoleBinding または ClusterRoleBinding。今ある権限は kubectl auth can-i --list --as=… で分かる',
  ]),
  'api.admission': t('The admission plugins of the API server accept the object', 'API サーバーのアドミッションプラグインが受け入れること'),

  'psa.appArmorProfile': t('The AppArmor profile is not switched off', 'AppArmor プロファイルを外していないこと', [
    'type RuntimeDefault or Localhost, or no profile named',
    'type を RuntimeDefault か Localhost にする、または指定しない',
  ]),
  'psa.capabilities_baseline': t(
    'Only capabilities of the runtime’s default set are added',
    '追加するのはランタイム既定のケーパビリティだけ',
    [
      'add only AUDIT_WRITE, CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, MKNOD, NET_BIND_SERVICE, SETFCAP, SETGID, SETPCAP, SETUID, SYS_CHROOT',
      'add できるのは AUDIT_WRITE, CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, MKNOD, NET_BIND_SERVICE, SETFCAP, SETGID, SETPCAP, SETUID, SYS_CHROOT だけ',
    ],
  ),
  'psa.hostNamespaces': t('The Pod has network, process ids and IPC of its own', 'Pod が自分のネットワーク・PID・IPC を持つこと', [
    'hostNetwork, hostPID and hostIPC left out or false',
    'hostNetwork、hostPID、hostIPC を書かないか false にする',
  ]),
  'psa.hostPathVolumes': t('No directory of the node is mounted', 'ノードのディレクトリをマウントしないこと', [
    'another kind of volume than hostPath',
    'hostPath 以外の種類のボリューム',
  ]),
  'psa.hostPorts': t('No port of the node is taken', 'ノードのポートを使わないこと', ['no hostPort', 'hostPort を書かない']),
  'psa.hostProbesAndHostLifecycle': t('Probes and hooks stay with the Pod’s own address', 'プローブとフックの宛先が Pod 自身であること', [
    'no host in probes and lifecycle hooks',
    'プローブとフックに host を書かない',
  ]),
  'psa.privileged': t('No container is privileged', '特権コンテナがないこと', [
    'privileged left out or false',
    'privileged を書かないか false にする',
  ]),
  'psa.procMount': t('/proc is masked as usual', '/proc が通常どおりマスクされること', [
    'procMount Default, or hostUsers: false (since v1.35)',
    'procMount を Default に、または hostUsers: false (v1.35 以降)',
  ]),
  'psa.seLinuxOptions': t(
    'SELinux type is one for containers; no user and role',
    'SELinux の type がコンテナ用で、user と role がないこと',
    [
      'type container_t, container_init_t, container_kvm_t or container_engine_t; only level besides',
      'type は container_t、container_init_t、container_kvm_t、container_engine_t、ほかは level だけ',
    ],
  ),
  'psa.seccompProfile_baseline': t('The seccomp filter is not switched off', 'seccomp フィルターを外していないこと', [
    'type RuntimeDefault or Localhost, or none',
    'type を RuntimeDefault か Localhost にする、または書かない',
  ]),
  'psa.sysctls': t('Only sysctls that stay within the Pod are set', 'Pod の中で閉じた sysctl だけを設定すること', [
    'only sysctls from the list of safe ones',
    '安全とされる sysctl だけにする',
  ]),
  'psa.windowsHostProcess': t('No container is a Windows HostProcess', 'Windows HostProcess コンテナがないこと', [
    'hostProcess left out or false',
    'hostProcess を書かないか false にする',
  ]),
  'psa.allowPrivilegeEscalation': t('No process may gain more than its parent had', 'プロセスが親より多くの権限を得られないこと', [
    'allowPrivilegeEscalation: false in every container',
    'すべてのコンテナに allowPrivilegeEscalation: false',
  ]),
  'psa.capabilities_restricted': t(
    'All capabilities are dropped, at most NET_BIND_SERVICE comes back',
    '全ケーパビリティを落とし、戻すのは NET_BIND_SERVICE だけ',
    [
      'capabilities: { drop: [ALL] } in every container, add at most NET_BIND_SERVICE',
      'すべてのコンテナに capabilities: { drop: [ALL] }、add は NET_BIND_SERVICE まで',
    ],
  ),
  'psa.procMount_restricted': t('/proc is masked as usual', '/proc が通常どおりマスクされること', [
    'procMount Default',
    'procMount を Default にする',
  ]),
  'psa.restrictedVolumes': t('Only kinds of volumes that show nothing of the node', 'ノードを見せない種類のボリュームだけ', [
    'configMap, csi, downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected or secret',
    'configMap、csi、downwardAPI、emptyDir、ephemeral、image、persistentVolumeClaim、projected、secret のいずれか',
  ]),
  'psa.runAsNonRoot': t('The containers must not run as root', 'コンテナを root で動かさないこと', [
    'runAsNonRoot: true for the Pod, or in every container',
    'Pod に、またはすべてのコンテナに runAsNonRoot: true',
  ]),
  'psa.runAsUser': t('No line asks for uid 0', 'UID 0 を指定しないこと', [
    'runAsUser other than 0, or left out',
    'runAsUser を 0 以外にする、または書かない',
  ]),
  'psa.seccompProfile_restricted': t('A seccomp filter is asked for', 'seccomp フィルターを指定すること', [
    'seccompProfile: { type: RuntimeDefault } for the Pod, or in every container; or Localhost',
    'Pod に、またはすべてのコンテナに seccompProfile: { type: RuntimeDefault }、または Localhost',
  ]),

  'kubelet.os': t('The Pod is made for the operating system of the node', 'Pod がノードの OS 向けであること', [
    'os.name: linux',
    'os.name: linux',
  ]),
  'kubelet.sysctl': t(
    'The node allows the sysctl, and the Pod has the namespace it lives in',
    'ノードが sysctl を許し、Pod がその名前空間を持つこと',
    [
      'a safe sysctl, or the kubelet’s allowedUnsafeSysctls; without sharing the host’s network or IPC for sysctls of those',
      '安全な sysctl にする、または kubelet の allowedUnsafeSysctls に加える。ホストのネットワークや IPC を共有しない',
    ],
  ),
  'kubelet.appArmor': t(
    'A Pod that asks for an AppArmor profile needs a node with AppArmor',
    'AppArmor を求める Pod には AppArmor のあるノードが必要',
    ['a node with AppArmor, or type Unconfined', 'AppArmor のあるノード、または type Unconfined'],
  ),
  'kubelet.supplementalGroupsPolicy': t(
    'The node’s runtime can do supplementalGroupsPolicy: Strict',
    'ノードのランタイムが supplementalGroupsPolicy: Strict に対応すること',
    [
      'a runtime whose node status has features.supplementalGroupsPolicy, or Merge',
      'status.features.supplementalGroupsPolicy のあるノード、または Merge',
    ],
  ),
  'kubelet.runAsNonRoot': t(
    'runAsNonRoot: the kubelet must be sure that the uid is not 0',
    'runAsNonRoot: UID が 0 でないと kubelet が確かめられること',
    [
      'runAsUser with another number than 0, or an image whose USER is such a number',
      '0 以外の runAsUser、または USER が 0 以外の数値のイメージ',
    ],
  ),
  'kubelet.image': t('The image is there or can be pulled', 'イメージがあるか取得できること'),
  'kubelet.config': t('Everything the container refers to exists', 'コンテナが参照するものがすべて存在すること'),
  'runtime.create': t('The runtime can make the container', 'ランタイムがコンテナを作れること'),
  'runtime.start': t('The container’s program can be started', 'コンテナのプログラムを起動できること'),
};
