// type, command, hash, builtin.

import { AT_FDCWD } from '#abi/flags.ts';
import { type Program, sys } from '#kernel/uapi/index.ts';
import { out } from '../../lib/io.ts';
import { addJob, waitForeground } from '../jobs.ts';
import { findProgram, runProgram } from '../lookup.ts';
import { letters, type Shell, ShellFault } from '../state.ts';
import { isKeyword } from '../tokens.ts';
import { isBuiltin, isSpecial } from './names.ts';
import type { Builtin, BuiltinCall } from './types.ts';

function* describe(shell: Shell, name: string, verbose: boolean): Program<boolean> {
  const { d } = shell;
  if (isKeyword(name, d)) yield* out(verbose ? `${name} is a shell keyword\n` : `${name}\n`);
  else if (shell.aliases.has(name)) {
    const value = shell.aliases.get(name) as string;
    yield* out(
      verbose ? (d.bash ? `${name} is aliased to \`${value}'\n` : `${name} is an alias for ${value}\n`) : `alias ${name}='${value}'\n`,
    );
  } else if (shell.funcs.has(name))
    yield* out(verbose ? (d.name === 'dash' ? `${name} is a shell function\n` : `${name} is a function\n`) : `${name}\n`);
  else if (isBuiltin(d, name)) {
    const kind = isSpecial(name) && name !== 'local' && name !== 'source' && d.name !== 'bash' ? 'special shell builtin' : 'shell builtin';
    yield* out(verbose ? `${name} is a ${kind}\n` : `${name}\n`);
  } else {
    const tracked = d.name === 'dash' && shell.hashed.has(name) ? 'a tracked alias for ' : '';
    const found = yield* findProgram(shell, name);
    if (!found.ok || (name.includes('/') && !(yield* exists(name)))) {
      if (!verbose) return false;
      if (d.bash) yield* shell.warn(`${name}: not found`);
      else yield* out(`${name}: not found\n`);
      return false;
    }
    yield* out(verbose ? `${name} is ${tracked}${found.path}\n` : `${found.path}\n`);
  }
  return true;
}

/** `type -t` and `type -p`. Counterpart: type.def of bash 5.2 */
function* kindOf(shell: Shell, name: string, option: string): Program<boolean> {
  const kind = shell.aliases.has(name)
    ? 'alias'
    : isKeyword(name, shell.d)
      ? 'keyword'
      : shell.funcs.has(name)
        ? 'function'
        : isBuiltin(shell.d, name)
          ? 'builtin'
          : undefined;
  if (kind !== undefined && option !== '-P') {
    if (option === '-t') yield* out(`${kind}\n`);
    return true;
  }
  const found = yield* findProgram(shell, name);
  if (!found.ok || (name.includes('/') && !(yield* exists(name)))) return false;
  yield* out(option === '-t' ? 'file\n' : `${found.path}\n`);
  return true;
}

function* exists(path: string): Program<boolean> {
  return (yield* sys.newfstatat(AT_FDCWD, path, 0)).ok;
}

function* command(call: BuiltinCall): Program<number> {
  const { shell, args } = call;
  if (!shell.d.bash) letters(shell, args, 'pvV');
  let at = 1;
  let verbose: 'v' | 'V' | undefined;
  for (; /^-[pvV]+$/.test(args[at] ?? ''); at++)
    verbose = /V/.test(args[at] as string) ? 'V' : /v/.test(args[at] as string) ? 'v' : verbose;
  if (args[at] === '--') at++;
  const rest = args.slice(at);
  if (verbose) {
    let status = 0;
    // ash and dash look at the first name only.
    for (const name of shell.d.bash ? rest : rest.slice(0, 1))
      if (!(yield* describe(shell, name, verbose === 'V'))) status = shell.d.bash ? 1 : 127;
    return status;
  }
  const name = rest[0];
  if (name === undefined) return 0;
  const builtin = call.executor.builtinOf(shell, name);
  if (builtin) {
    shell.commandName = name;
    return yield* builtin.run({ ...call, args: rest });
  }
  shell.commandName = shell.d.bash ? undefined : call.outer;
  const found = yield* findProgram(shell, name);
  if (!found.ok) {
    yield* shell.warn(found.message);
    return found.status;
  }
  if (call.last && shell.isSub && shell.traps.size === 0) return yield* runProgram(shell, found.path, rest);
  const pid = yield* call.executor.fork(shell, false, undefined, (child) => runProgram(child, found.path, rest));
  return yield* waitForeground(shell, addJob(shell, [pid], rest.join(' '), false));
}

export const lookups: Readonly<Record<string, Builtin>> = {
  type: {
    *run({ shell, args }) {
      let status = 0;
      const names = args.slice(1);
      if (shell.d.bash && /^-[tpP]$/.test(names[0] ?? '')) {
        for (const name of names.slice(1)) if (!(yield* kindOf(shell, name, names[0] as string))) status = 1;
        return status;
      }
      if (shell.d.bash && /^-[af]+$/.test(names[0] ?? '')) throw new ShellFault(`${names[0]} is not simulated here`, 1);
      for (const name of names) {
        if (!(yield* describe(shell, name, true))) status = shell.d.bash ? 1 : 127;
      }
      return status;
    },
  },
  command: { run: command },
  builtin: {
    *run(call) {
      const name = call.args[1];
      const builtin = name === undefined ? undefined : call.executor.builtinOf(call.shell, name);
      if (!builtin) throw new ShellFault(`${name}: not a shell builtin`, 1);
      call.shell.commandName = name;
      return yield* builtin.run({ ...call, args: call.args.slice(1) });
    },
  },
  hash: {
    *run({ shell, args }) {
      if (args[1] === '-r') shell.hashed.clear();
      else if (args.length === 1 && shell.d.bash && shell.hashed.size === 0) yield* out('hash: hash table empty\n');
      else if (args.length === 1) for (const path of shell.hashed.values()) yield* out(`${path}\n`);
      else {
        let status = 0;
        for (const name of args.slice(1)) {
          if (isBuiltin(shell.d, name) || shell.funcs.has(name)) continue;
          if ((yield* findProgram(shell, name)).ok) continue;
          yield* shell.warn(`${name}: not found`);
          status = 1;
        }
        return status;
      }
      return 0;
    },
  },
};
