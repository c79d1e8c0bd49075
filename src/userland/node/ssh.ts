// ssh from the workstation to the node. Counterpart: OpenSSH 9.2, ssh(1)
//
// Deviates: the only hosts are the node's names, the only user is root, and the key is always accepted.

import { type ProgramMain, type SysResult, sys, type Termios } from '#kernel/uapi/index.ts';
import { errOut } from '../lib/io.ts';
import type { NodePort } from './port.ts';
import { parseFlags } from './runtimeClient.ts';

const FAILED = 255;

/** Runs a command, or a shell, on the node. */
export const ssh = (port: NodePort): ProgramMain =>
  function* (argv) {
    const { flags, words, unknown } = parseFlags(argv.slice(1), ['l'], ['t', 'T', 'q'], true);
    if (unknown !== undefined) {
      yield* errOut(`ssh: "${unknown}" is not simulated here\n`);
      return FAILED;
    }
    const [target, ...rest] = words;
    if (target === undefined) {
      yield* errOut('usage: ssh [-qTt] [-l login_name] destination [command [argument ...]]\n');
      return FAILED;
    }
    const [user, host] = target.includes('@') ? (target.split(/@(?=[^@]*$)/) as [string, string]) : [flags.get('l') ?? 'root', target];
    if (!port.hosts.includes(host)) {
      yield* errOut(`ssh: Could not resolve hostname ${host}: Name or service not known\n`);
      return FAILED;
    }
    if (user !== 'root') {
      yield* errOut(`${user}@${host}: Permission denied (publickey).\n`);
      return FAILED;
    }
    const command = rest.length === 0 ? null : rest.join(' ');
    const settings: SysResult<unknown> = yield* sys.ioctl(0, { request: 'TCGETS' });
    const tty = settings.ok && !flags.has('T') && (command === null || flags.has('t'));
    if (tty) {
      const raw = { ...(settings.value as Termios), icanon: false, echo: false, isig: false, icrnl: false, opost: false };
      yield* sys.ioctl(0, { request: 'TCSETS', termios: raw });
    }
    const outcome = yield* port.shell(command, tty);
    if (tty) {
      yield* sys.ioctl(0, { request: 'TCSETS', termios: settings.value as Termios });
      yield* errOut(`Connection to ${host} closed.\n`);
    }
    if ('error' in outcome) {
      yield* errOut(`ssh: ${outcome.error}\n`);
      return FAILED;
    }
    return outcome.exitCode;
  };
