// The kubeconfig: where the cluster is, who asks, and in which namespace.

import { AT_FDCWD, O_CREAT, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { renderYaml } from '#yaml/emit.ts';
import { manifestObjects } from '#yaml/manifest.ts';
import { bytesOf, readFile, textOf, writeAll } from '../lib/io.ts';
import type { Json } from './session.ts';

export const SERVER = 'https://172.18.0.2:6443';

/** What kubectl uses on a workstation that has no file: the administrator of the one cluster. */
const builtIn = (): Json => ({
  apiVersion: 'v1',
  clusters: [{ cluster: { 'certificate-authority-data': 'DATA+OMITTED', server: SERVER }, name: 'kubernetes' }],
  contexts: [{ context: { cluster: 'kubernetes', user: 'admin' }, name: 'admin' }],
  'current-context': 'admin',
  kind: 'Config',
  users: [{ name: 'admin', user: { 'client-certificate-data': 'DATA+OMITTED', 'client-key-data': 'DATA+OMITTED' } }],
});

const variable = (env: readonly string[], name: string): string | undefined =>
  env.find((e) => e.startsWith(`${name}=`))?.slice(name.length + 1);

/** $KUBECONFIG, else ~/.kube/config. */
export const configPath = (env: readonly string[], flag: string | undefined): string =>
  flag ?? variable(env, 'KUBECONFIG') ?? `${variable(env, 'HOME') ?? ''}/.kube/config`;

/** The file's content, or the built-in one where there is no file. Deviates: a real kubectl without a file asks localhost:8080. */
export function* readConfig(path: string): Program<Json> {
  const text = yield* readFile(path);
  if (!text.ok) return builtIn();
  const [item] = manifestObjects(textOf(text.value), path);
  return item !== undefined && item.kind !== 'error' && item.value !== null ? item.value : builtIn();
}

export function* writeConfig(path: string, config: Json): Program<boolean> {
  yield* sys.mkdirat(AT_FDCWD, path.slice(0, path.lastIndexOf('/')), 0o755);
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600);
  if (!fd.ok) return false;
  yield* writeAll(fd.value, bytesOf(renderYaml(config)));
  yield* sys.close(fd.value);
  return true;
}

export const contextOf = (config: Json, name: string): Json => (config.contexts ?? []).find((c: Json) => c.name === name)?.context;
