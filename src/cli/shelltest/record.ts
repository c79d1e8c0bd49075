// Records what real shells answer to the snippets: `npm run conformance -- --record-shell ASHROOT,DEBIANROOT` as root. The
// directories are root file systems with /proc mounted and /dev/null: one with busybox 1.35 (default configuration, a link per
// applet in /bin), one with Debian 12.

import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Answer, ENV, invocation, type Recorded, recorded, recordingOf, type ShellName, type Snippet, topics } from './snippets.ts';

function real(root: string, shell: ShellName, snippet: Snippet): Answer {
  rmSync(join(root, 'tmp'), { recursive: true, force: true });
  const dir = join(root, 'tmp', 'w');
  mkdirSync(dir, { recursive: true });
  const { argv, stdin, files } = invocation(shell, snippet);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text, { mode: 0o644 });
  const start = `cd /tmp/w; exec /bin/env -i ${ENV.join(' ')} "$@"`;
  // argv[0] is the name without its directory, as PATH lookup gives it.
  const words = [(argv[0] as string).replace(/.*\//, ''), ...argv.slice(1)];
  const ran = spawnSync('chroot', [root, '/bin/sh', '-c', start, 'sh', ...words], {
    input: stdin,
    timeout: 10_000,
    killSignal: 'SIGKILL',
  });
  const signals: Readonly<Record<string, number>> = {
    SIGHUP: 1,
    SIGINT: 2,
    SIGQUIT: 3,
    SIGKILL: 9,
    SIGUSR1: 10,
    SIGUSR2: 12,
    SIGPIPE: 13,
    SIGTERM: 15,
  };
  const status = ran.status ?? 128 + (signals[ran.signal ?? ''] ?? 0);
  return [ran.stdout.toString(), ran.stderr.toString(), status];
}

/** Records every snippet whose text has no recording yet (all with `again`). */
export function record(roots: string, again: boolean): void {
  const [ash = '', debian = ''] = roots.split(',');
  for (const [topic, snippets] of topics()) {
    const known = new Map(again ? [] : recorded(topic).map((one) => [`${one.how}\0${one.run}`, one]));
    const lines = snippets.map((snippet): Recorded => {
      const old = known.get(`${snippet.how}\0${snippet.run}`);
      if (old && snippet.shells.every((shell) => old[shell])) return old;
      const answers = snippet.shells.map((shell) => [shell, real(shell === 'ash' ? ash : debian, shell, snippet)] as const);
      return { run: snippet.run, how: snippet.how, ...Object.fromEntries(answers) };
    });
    mkdirSync('e2e/shell/recorded', { recursive: true });
    writeFileSync(recordingOf(topic), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    console.log(`${topic}: ${lines.length} snippets`);
  }
}
