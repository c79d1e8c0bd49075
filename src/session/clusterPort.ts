// What the workstation's kubectl can ask of the cluster: requests to the API server, and streams to the kubelet's containers.

import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { openApiFields, structText } from '#kube/api/openapi.ts';
import { attachInPod, execInPod } from '#kube/kubelet/exec.ts';
import { type LogQuery, podLog } from '#kube/kubelet/logs.ts';
import type { AttachOptions, ClusterPort, ExecOutcome } from '#userland/kubectl/port.ts';
import { onNode } from './onNode.ts';
import type { Web, World } from './world.ts';

/** The cluster's door for the workstation's kubectl. Requests are answered at once; exec runs in a task of the node. */
export function clusterPort(world: () => World, web: Web): ClusterPort {
  return {
    request(request) {
      const { api, kubelet, machine } = world();
      if (request.subresource !== 'log') return api.request(request);
      const forbidden = api.forbids(request);
      if (forbidden !== undefined) return forbidden;
      const pod = api.get('Pod', request.namespace ?? 'default', request.name ?? '');
      if (pod === undefined) return api.request({ ...request, subresource: undefined } as typeof request);
      const query = request.query ?? {};
      const answer = podLog(kubelet.options.runtime, pod, logQuery(query, machine.state.realtime));
      if (answer.ok) return { code: 200, body: answer.text, warnings: [] };
      return {
        code: 400,
        body: {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          message: answer.message,
          reason: 'BadRequest',
          code: 400,
        },
        warnings: [],
      };
    },
    resources: () => world().api.resources(),
    schema: { fields: openApiFields, text: structText },
    exec: (options) => inKubelet(world(), options, (fds) => execInPod(world().kubelet, { ...options, ...fds })),
    attach: (options) => inKubelet(world(), options, (fds, connection) => attachInPod(world().kubelet, { ...options, ...fds, connection })),
    *waitForChange(timeoutNs) {
      const { api } = world();
      let changed = false;
      const stop = api.onChange(() => {
        changed = true;
      });
      const step = 50_000_000n;
      for (let waited = 0n; waited < timeoutNs && !changed; waited += step) {
        const slept: SysResult<void> = yield* sys.nanosleep(step);
        if (!slept.ok) break;
      }
      stop();
    },
    fetch: web,
  };
}

/** Counterpart: PodLogOptions of the API, Kubernetes 1.36 */
function logQuery(query: Readonly<Record<string, string>>, now: bigint): LogQuery {
  const { container = '', tailLines, timestamps, previous, limitBytes, sinceSeconds, sinceTime } = query;
  return {
    container,
    ...(tailLines === undefined ? {} : { tailLines: Number(tailLines) }),
    ...(timestamps === 'true' ? { timestamps: true } : {}),
    ...(previous === 'true' ? { previous: true } : {}),
    ...(limitBytes === undefined ? {} : { limitBytes: Number(limitBytes) }),
    ...(sinceSeconds === undefined ? {} : { oldest: now - BigInt(sinceSeconds) * 1_000_000_000n }),
    ...(sinceTime === undefined ? {} : { oldest: BigInt(Date.parse(sinceTime)) * 1_000_000n }),
  };
}

/** kubectl's descriptors are handed to a task of the node, which does the work there; kubectl waits for its end. */
function* inKubelet(
  world: World,
  options: AttachOptions,
  main: (fds: Pick<AttachOptions, 'stdin' | 'stdout' | 'stderr'>, connection: number) => Program<ExecOutcome>,
): Program<ExecOutcome> {
  const outcome = yield* onNode(
    world,
    'kubelet-exec',
    [options.stdin, options.stdout, options.stderr],
    ([stdin, stdout, stderr], connection) => main({ stdin: stdin ?? null, stdout: stdout ?? null, stderr: stderr ?? null }, connection),
  );
  return outcome ?? { error: 'the connection to the node was lost' };
}
