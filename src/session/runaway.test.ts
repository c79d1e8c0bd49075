// Runaways in a terminal: each ends by itself or by Ctrl-C soon after, memory stays bounded, and the prompt answers afterwards.

import { expect, test } from 'vitest';
import { createEngine } from './engine.ts';
import { ALL } from './open.ts';
import type { Event } from './protocol.ts';

const POD =
  '{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: "busybox:1.35", command: [sleep, infinity]}]}}';
/** As much as the page lets the engine do between two looks at the clock (ui/engine/pump.ts). */
const SLICE = 200;

class Terminal {
  private output = '';
  private readonly engine = createEngine(
    (event: Event) => {
      if (event.type === 'output') this.output += event.fragments.map((fragment) => fragment.text).join('');
      if (event.type === 'bug') throw new Error(event.message);
    },
    () => undefined,
    ALL,
  );

  constructor() {
    this.engine.send({ type: 'start', id: 1, scenario: { files: { 'pod.yaml': POD } }, language: 'en' });
    this.engine.send({ type: 'openTerminal', terminal: 't', rows: 24, cols: 80 });
    this.until('$ ');
    this.type('kubectl apply -f pod.yaml\r');
    this.until('created');
    this.type('kubectl exec -it p -- sh\r');
    this.until('/ # ');
  }

  type(data: string): void {
    this.engine.send({ type: 'input', terminal: 't', data });
  }

  /** Pumps until the text has appeared; gives what was shown. */
  until(text: string, slices = 200_000): string {
    for (let slice = 0; slice < slices && !this.output.includes(text); slice++) {
      if (!this.engine.pump(SLICE)) this.engine.advance(10);
    }
    const at = this.output.indexOf(text);
    if (at < 0) throw new Error(`${JSON.stringify(text)} did not appear: ${JSON.stringify(this.output.slice(-300))}`);
    const shown = this.output.slice(0, at + text.length);
    this.output = this.output.slice(at + text.length);
    return shown;
  }

  /** Pumps so many times; the longest of them in milliseconds. */
  longest(slices: number): number {
    let longest = 0;
    for (let slice = 0; slice < slices; slice++) {
      const begun = performance.now();
      this.engine.pump(SLICE);
      longest = Math.max(longest, performance.now() - begun);
      this.output = this.output.slice(-1000);
    }
    return longest;
  }
}

const terminal = new Terminal();

test.each([
  ['yes | head -n 1', 'y\r\n'],
  ['cat /dev/zero | head -c 1000000 | wc -c', '1000000\r\n'],
  ['case aaaaaaaaaaaaaaaaaaaaaaaaab in *a*a*a*a*a*a*a*a*c) ;; *) echo no; esac', 'no\r\n'],
  ['tail /dev/zero', 'tail: read error: Cannot allocate memory\r\n'],
  ['sort /dev/zero', 'sort: /dev/zero: Cannot allocate memory\r\n'],
])('%s ends by itself', (command, answer) => {
  terminal.type(`${command}\r`);
  terminal.until('\r\n');
  expect(terminal.until('/ # ')).toBe(`${answer}/ # `);
});

/** Wall time the design allows, and what a test grants a machine that does other work as well. */
const ALLOWED = 50;
const GRANTED = 8 * ALLOWED;

test.each([
  'while :; do :; done',
  'while true; do echo y; done',
  'yes',
  'yes > /dev/null',
  'dd if=/dev/zero of=/tmp/x bs=1M count=100000',
  'dd if=/dev/zero of=/dev/null bs=1G count=100000',
  'cat /dev/zero > /dev/null',
  'cat /dev/zero',
  'head -c 10000000 /dev/zero > /tmp/x; while :; do cat /tmp/x; done',
  'seq 100000000',
  'while :; do x=$(echo x); done',
  'find / -exec true {} \\; ; while :; do find / -exec true {} \\; ; done',
  'awk "BEGIN{while(1);}"',
  'echo x | sed ":a;ba"',
  'cat /dev/urandom | od',
])('%s: Ctrl-C is seen, and obeyed, within 50 ms', (command) => {
  terminal.type(`${command}\r`);
  terminal.until('\r\n');
  const before = process.memoryUsage();
  // No pump may keep the host from its keyboard; then the interrupt itself.
  const busy = terminal.longest(20);
  const after = process.memoryUsage();
  const begun = performance.now();
  terminal.type('\x03');
  terminal.until('/ # ');
  const took = performance.now() - begun;
  if (busy + took > ALLOWED) console.log(`${command}: ${busy.toFixed(0)} + ${took.toFixed(0)} ms`);
  expect(busy + took).toBeLessThan(GRANTED);
  expect((after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 1e6).toBeLessThan(300);
  terminal.type('rm -f /tmp/x; echo still $((40+2))\r');
  expect(terminal.until('still 42')).toContain('still 42');
  terminal.until('/ # ');
});

test('a fork bomb fills the table of processes; the shell that began it still answers', () => {
  terminal.type('b() { b | b & }; b\r');
  terminal.until('/ # ');
  terminal.longest(400);
  terminal.type('echo still $((40+2))\r');
  terminal.until('still 42\r\n');
});

const SHELLS: readonly (readonly [string, string])[] = [
  ['x=x; while :; do x=$x$x; done', 'sh: out of memory\r\ncommand terminated with exit code 1\r\n'],
  ['f() { f; }; f', 'command terminated with exit code 139\r\n'],
];

test.each(SHELLS)('%s ends the shell, not the page', (command, answer) => {
  const other = new Terminal();
  other.type(`${command}\r`);
  other.until('\r\n');
  expect(other.until('$ ')).toBe(`${answer}learner@workstation:~$ `);
});
