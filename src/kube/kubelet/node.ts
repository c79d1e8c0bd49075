// The Node object the kubelet registers.

import type { KubeObject } from '../api/object.ts';
import type { NodeSettings } from './options.ts';

/** Counterpart: initialNode and the setters of pkg/kubelet/nodestatus, Kubernetes 1.36 */
export function nodeObject(node: NodeSettings, now: string): KubeObject {
  const memory = `${Math.floor(node.memoryBytes / 1024)}Ki`;
  const capacity = {
    cpu: String(node.cpus),
    'ephemeral-storage': '61255492Ki',
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    memory,
    pods: '110',
  };
  const condition = (type: string, status: string, reason: string, message: string) => ({
    lastHeartbeatTime: now,
    lastTransitionTime: now,
    message,
    reason,
    status,
    type,
  });
  const features = { recursiveReadOnlyMounts: true, userNamespaces: true };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: node.name,
      creationTimestamp: now,
      annotations: { 'node.alpha.kubernetes.io/ttl': '0', 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': node.name,
        'kubernetes.io/os': 'linux',
      },
    },
    spec: { podCIDR: '10.244.0.0/24', podCIDRs: ['10.244.0.0/24'] },
    status: {
      addresses: [
        { address: node.ip, type: 'InternalIP' },
        { address: node.name, type: 'Hostname' },
      ],
      allocatable: capacity,
      capacity,
      conditions: [
        condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
        condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
        condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
        condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      declaredFeatures: [
        'ExtendWebSocketsToKubelet',
        'InPlacePodLevelResourcesVerticalScaling',
        'InPlacePodVerticalScalingInitContainers',
        'RestartAllContainersOnContainerExits',
      ],
      features: { supplementalGroupsPolicy: node.supplementalGroupsPolicy },
      nodeInfo: {
        architecture: 'amd64',
        bootID: '8f7d2f0e-3a2b-4c5d-9e8f-1a2b3c4d5e6f',
        containerRuntimeVersion: node.runtimeVersion,
        kernelVersion: node.kernelVersion,
        kubeProxyVersion: '',
        kubeletVersion: 'v1.36.2',
        machineID: node.machineId,
        operatingSystem: 'linux',
        osImage: node.osImage,
        swap: { capacity: 0 },
        systemUUID: '1b2c3d4e-5f60-7182-93a4-b5c6d7e8f901',
      },
      runtimeHandlers: [
        { features, name: '' },
        { features, name: 'runc' },
      ],
    },
  };
}
