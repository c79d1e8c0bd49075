// Recordings of pods on a real kernel (cases/ + transcripts/): a case becomes a session, and the answers are compared.

import { isMap, parseDocument } from 'yaml';
import type { Playground, ScenarioInput, StepResult } from '#session/index.ts';
import { maskKernel } from './masks.ts';

interface ExecEntry {
  readonly script?: string;
  readonly argv?: readonly string[];
  readonly container?: string;
  readonly stdin?: string;
}

export interface KernelCase {
  readonly name: string;
  readonly image: string | Readonly<Record<string, string>>;
  readonly manifest: string;
  readonly exec: readonly (string | ExecEntry)[];
  readonly interactive?: readonly string[];
  readonly tty?: readonly string[] | { readonly argv: readonly string[]; readonly lines: readonly string[] };
  readonly image_config?: Readonly<Record<string, unknown>>;
  readonly image_files?: readonly unknown[];
  readonly host_files?: unknown;
  readonly pv?: Readonly<Record<string, unknown>>;
  readonly seccomp_profiles?: Readonly<Record<string, unknown>>;
  readonly service_account?: boolean;
}

interface Recorded {
  readonly stdout: string;
  readonly stderr: string;
  readonly rc: number;
  readonly runtime_error?: string;
}

export interface Transcript {
  readonly status: { readonly phase: string; readonly reason?: string; readonly message?: string };
  readonly exec: readonly Recorded[];
  readonly interactive?: Recorded;
  readonly tty?: { readonly output: string; readonly rc: number };
}

/** One compared command. */
export interface Compared {
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
}

const IMAGES: Readonly<Record<string, string>> = {
  busybox: 'busybox',
  'agnhost-like': 'registry.k8s.io/e2e-test-images/agnhost:2.45',
  'node-hello-like': 'gcr.io/google-samples/node-hello:1.0',
};

/** The session a case describes: its manifest with the case's images behind the references the manifest uses. */
export function scenarioOf(test: KernelCase): { readonly scenario: ScenarioInput; readonly pod: string } {
  const document = parseDocument(test.manifest.split(/^---$/m)[0] as string);
  if (test.service_account === false) document.setIn(['spec', 'automountServiceAccountToken'], false);
  const pod = document.toJS() as { metadata: { name: string }; spec: { containers: Ctr[]; initContainers?: Ctr[] } };
  const images: Record<string, unknown> = {};
  for (const container of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]) {
    const name = typeof test.image === 'string' ? test.image : (test.image[container.name] as string);
    const config = { ...(name === 'node-hello-like' ? {} : { Entrypoint: [], Cmd: ['sleep', '1h'] }), ...test.image_config };
    images[container.image] = { from: IMAGES[name], config, ...(test.image_files ? { files: test.image_files } : {}) };
  }
  const rest = test.manifest.split(/^---$/m).slice(1);
  const text = isMap(document.contents) ? [document.toString(), ...rest].join('---') : test.manifest;
  const claims = test.pv && Object.fromEntries(Object.entries(test.pv).map(([claim, files]) => [claim, { files }]));
  const node = {
    ...(test.seccomp_profiles ? { seccompProfiles: test.seccomp_profiles } : {}),
    ...(test.host_files ? { files: test.host_files } : {}),
  };
  return { scenario: { files: { 'pod.yaml': text }, images, node, ...(claims ? { claims } : {}) }, pod: pod.metadata.name };
}

interface Ctr {
  readonly name: string;
  readonly image: string;
}

const quote = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
const show = (stdout: string, stderr: string, rc: number): string => `${stdout}── stderr\n${stderr}── status ${rc}\n`;

/** Replays a case on a fresh playground made from `scenarioOf`; every command with what was expected. */
export function replayKernelCase(test: KernelCase, truth: Transcript, pod: string, playground: Playground): readonly Compared[] {
  const mask = (text: string): string => maskKernel(text, playground.kernelRelease);
  const compared: Compared[] = [];
  const applied = playground.step('kubectl apply -f pod.yaml');
  // The recordings were made when every container had started, or when its failure was known.
  if (applied.exitCode === 0) playground.step('sleep 5');
  if (truth.status.phase !== 'Running') return [compareStatus(truth, playground, pod, applied)];
  if (applied.exitCode !== 0)
    return [{ what: 'kubectl apply', expected: 'created', actual: show(applied.stdout, applied.stderr, applied.exitCode) }];
  const compare = (what: string, recorded: Recorded, got: StepResult): void => {
    const tail = `command terminated with exit code ${got.exitCode}\n`;
    const stderr = got.exitCode !== 0 && got.stderr.endsWith(tail) ? got.stderr.slice(0, -tail.length) : got.stderr;
    const failure = recorded.runtime_error === undefined ? recorded.stderr : execFailure(recorded.runtime_error);
    compared.push({
      what,
      expected: mask(show(recorded.stdout, failure, recorded.runtime_error === undefined ? recorded.rc : 1)),
      actual: mask(
        show(got.stdout, recorded.runtime_error === undefined ? stderr : stderr.replace(/"[0-9a-f]{64}"/, '"ID"'), got.exitCode),
      ),
    });
  };
  test.exec.forEach((entry, index) => {
    const item: ExecEntry = typeof entry === 'string' ? { script: entry } : entry;
    const argv = item.argv ?? ['sh', '-c', item.script ?? ''];
    const words = [
      'kubectl',
      'exec',
      ...(item.stdin === undefined ? [] : ['-i']),
      pod,
      ...(item.container ? ['-c', item.container] : []),
      '--',
      ...argv,
    ];
    compare(argv.at(-1) as string, truth.exec[index] as Recorded, playground.step(words.map(quote).join(' '), item.stdin));
  });
  if (test.interactive && truth.interactive) {
    const stdin = test.interactive.map((line) => `${line}\n`).join('');
    compare('interactive', truth.interactive, playground.step(`kubectl exec -i ${pod} -- sh`, stdin));
  }
  if (test.tty && truth.tty) {
    const { argv, lines } = 'argv' in test.tty ? test.tty : { argv: ['sh'], lines: test.tty };
    const typed = lines.map((line) => line.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))));
    const got = playground.tty(`kubectl exec -it ${pod} -- ${argv.map(quote).join(' ')}`, typed);
    const output = got.output.replace(/command terminated with exit code \d+\r\n$/, '');
    compared.push({
      what: 'tty',
      expected: mask(`${truth.tty.output}── status ${truth.tty.rc}`),
      actual: mask(`${output}── status ${got.exitCode}`),
    });
  }
  return compared;
}

const execFailure = (text: string): string =>
  `error: Internal error occurred: Internal error occurred: error executing command in container: failed to exec in container: failed to start exec "ID": OCI runtime exec failed: ${text}\n`;

/** A pod that must not start: the same reason and message where kubectl shows them. */
function compareStatus(truth: Transcript, playground: Playground, pod: string, applied: StepResult): Compared {
  const { phase, reason = '', message = '' } = truth.status;
  const expected = `${phase} ${reason}\n${message}`;
  const refused = applied.exitCode !== 0;
  const seen = refused ? applied.stderr : playground.step(`kubectl describe pod ${pod}`).stdout;
  const normal = (text: string): string => text.replace(/\((uid|[0-9a-f-]{36})\)/g, '(UID)').replace(/"[0-9a-f-]{36}"/g, '"UID"');
  const found = normal(seen).includes(normal(message)) && (refused || seen.includes(reason));
  return { what: 'status', expected, actual: found ? expected : seen };
}
