// kubectl: finds the command, reads its flags and runs it.

import type { Program, ProgramMain } from '#kernel/uapi/index.ts';
import { commandHelp } from './commandHelp.ts';
import { COMMANDS } from './commands.ts';
import { GLOBAL_FLAGS, parseFlags } from './flags.ts';
import { HELP } from './help.ts';
import { impersonating } from './impersonate.ts';
import { configPath, contextOf, readConfig } from './kubeconfig.ts';
import { strayFlag } from './ownFlags.ts';
import type { ClusterPort } from './port.ts';
import { errOut, fail, out } from './session.ts';

/** The number of single-letter edits between two words. Counterpart: cobra ld */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min((next[j - 1] as number) + 1, (row[j] as number) + 1, (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length] as number;
}

function* unknownCommand(word: string): Program<number> {
  const near = Object.keys(COMMANDS)
    .filter((name) => distance(word.toLowerCase(), name) <= 2 || name.startsWith(word.toLowerCase()))
    .sort();
  yield* errOut(
    `error: unknown command "${word}" for "kubectl"\n${near.length === 0 ? '' : `\nDid you mean this?\n${near.map((name) => `\t${name}\n`).join('')}`}`,
  );
  return 1;
}

function* main(port: ClusterPort, argv: readonly string[], env: readonly string[]): Program<number> {
  const words = argv.slice(1);
  // Global flags may stand before the command.
  let at = 0;
  while (at < words.length && (words[at] as string).startsWith('-')) {
    const word = words[at] as string;
    const spec = GLOBAL_FLAGS.find((s) => word === `--${s.name}` || word === `-${s.short}`);
    at += spec !== undefined && spec.kind !== 'bool' && !word.includes('=') ? 2 : 1;
  }
  const name = words[at];
  if (name === undefined || name === 'help') {
    const about = words[at + 1] ?? '';
    const known = COMMANDS[about];
    yield* out(known === undefined ? HELP : commandHelp(about, known.flags, words.slice(at + 2)));
    return 0;
  }
  const entry = COMMANDS[name];
  if (!entry) return yield* unknownCommand(name);
  const rest = [...words.slice(0, at), ...words.slice(at + 1)];
  const parsed = parseFlags(rest, [
    ...entry.flags,
    ...GLOBAL_FLAGS.filter((g) => !entry.flags.some((f) => f.short !== undefined && f.short === g.short)),
  ]);
  if (!parsed.ok) {
    yield* errOut(`error: ${parsed.error}\nSee 'kubectl ${name} --help' for usage.\n`);
    return 1;
  }
  const stray = strayFlag(name, parsed.parsed, entry.flags, rest);
  if (stray !== undefined) {
    yield* errOut(`error: ${stray.complaint}\nSee 'kubectl ${stray.command} --help' for usage.\n`);
    return 1;
  }
  const value = (flagName: string): string | undefined => parsed.parsed.values.get(flagName)?.at(-1);
  if (parsed.parsed.values.has('help')) {
    yield* out(commandHelp(name, entry.flags, parsed.parsed.args));
    return 0;
  }
  for (const spec of [...entry.flags, ...GLOBAL_FLAGS.filter((g) => !entry.flags.some((f) => f.name === g.name))])
    if (spec.refused && parsed.parsed.values.has(spec.name))
      return yield* fail(`the flag --${spec.name} of "kubectl ${name}" is not simulated here`);
  const config = yield* readConfig(configPath(env, value('kubeconfig')));
  // For bindings it names a subject.
  const isSubject = name === 'create' && /rolebinding$/.test(parsed.parsed.args[0] ?? '');
  if (value('user') !== undefined && !isSubject && !config.users?.some((u: { name: string }) => u.name === value('user')))
    return yield* fail(`auth info "${value('user')}" does not exist`);
  const context = contextOf(config, value('context') ?? config['current-context']);
  if (value('context') !== undefined && context === undefined) return yield* fail(`context "${value('context')}" does not exist`);
  return yield* entry.run({
    port: impersonating(port, value('as'), parsed.parsed.values.get('as-group') ?? []),
    command: name,
    parsed: parsed.parsed,
    namespace: value('namespace') ?? context?.namespace ?? 'default',
    env,
    warned: new Set(),
  });
}

/** The program `kubectl` for a workstation that reaches one cluster. Counterpart: kubectl 1.36 */
export function kubectl(port: ClusterPort): ProgramMain {
  return (argv, env) => main(port, argv, env);
}
