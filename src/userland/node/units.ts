// journalctl and systemctl of the node, as far as the kubelet and the runtime go. Counterpart: systemd 252, journalctl(1), systemctl(1)

import { AT_FDCWD } from '#abi/flags.ts';
import { MAY_READ } from '#abi/mode.ts';
import { type Program, type ProgramMain, type SysResult, sys } from '#kernel/uapi/index.ts';
import { errOut, out } from '../lib/io.ts';
import { strftime } from '../lib/time.ts';
import type { NodePort } from './port.ts';
import { parseFlags } from './runtimeClient.ts';

const JOURNAL = '/var/log/journal';

function lines(port: NodePort, unit: string | undefined): string[] {
  return port
    .journal()
    .filter((entry) => unit === undefined || entry.unit === unit)
    .map((entry) => `${strftime('%b %d %H:%M:%S', entry.time)} ${port.nodeName} ${entry.unit}[${entry.pid}]: ${entry.message}\n`);
}

const unitName = (name: string): string => name.replace(/\.service$/, '');

/** Prints what the services of the node have said. */
export const journalctl = (port: NodePort): ProgramMain =>
  function* (argv) {
    const { flags, unknown } = parseFlags(argv.slice(1), ['u', 'unit', 'n', 'lines'], ['no-pager', 'q', 'quiet']);
    if (unknown !== undefined) {
      yield* errOut(`journalctl: "${unknown}" is not simulated here\n`);
      return 1;
    }
    const may: SysResult<void> = yield* sys.faccessat2(AT_FDCWD, JOURNAL, MAY_READ, 0);
    const wanted = flags.get('u') ?? flags.get('unit');
    const found = may.ok ? lines(port, wanted === undefined ? undefined : unitName(wanted)) : [];
    const last = flags.get('n') ?? flags.get('lines');
    yield* out(found.length === 0 ? '-- No entries --\n' : found.slice(last === undefined ? 0 : -Number(last)).join(''));
    return 0;
  };

const UNITS: Readonly<Record<string, { readonly description: string; readonly file: string }>> = {
  kubelet: { description: 'kubelet: The Kubernetes Node Agent', file: '/usr/lib/systemd/system/kubelet.service' },
  containerd: { description: 'containerd container runtime', file: '/usr/lib/systemd/system/containerd.service' },
};

function* mainPid(comm: string): Program<number | undefined> {
  // A service is the process whose parent is init.
  for (let pid = 1; pid < 400; pid++) {
    const path = `/proc/${pid}/comm`;
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, 0);
    if (!fd.ok) continue;
    const data: SysResult<Uint8Array> = yield* sys.read(fd.value, 64);
    yield* sys.close(fd.value);
    if (data.ok && new TextDecoder().decode(data.value).trim() === comm) return pid;
  }
  return undefined;
}

/** status, is-active and cat of the two services; nothing can be started or stopped. */
export const systemctl = (port: NodePort): ProgramMain =>
  function* (argv) {
    const { words, unknown } = parseFlags(argv.slice(1), [], ['no-pager', 'l', 'full']);
    const [verb = '', given = ''] = words;
    const name = unitName(given);
    if (unknown !== undefined || !['status', 'is-active'].includes(verb)) {
      yield* errOut(`systemctl: "${unknown ?? words.join(' ')}" is not simulated here\n`);
      return 1;
    }
    const unit = UNITS[name];
    const pid = unit && (yield* mainPid(name));
    if (verb === 'is-active') {
      yield* out(pid === undefined ? 'inactive\n' : 'active\n');
      return pid === undefined ? 3 : 0;
    }
    if (unit === undefined) {
      yield* errOut(`Unit ${name}.service could not be found.\n`);
      return 4;
    }
    const head = `${pid === undefined ? '○' : '●'} ${name}.service - ${unit.description}\n     Loaded: loaded (${unit.file}; enabled; preset: enabled)\n`;
    if (pid === undefined) {
      yield* out(`${head}     Active: inactive (dead)\n`);
      return 3;
    }
    const tail = lines(port, name).slice(-10);
    yield* out(`${head}     Active: active (running)\n   Main PID: ${pid} (${name})\n${tail.length === 0 ? '' : `\n${tail.join('')}`}`);
    return 0;
  };
