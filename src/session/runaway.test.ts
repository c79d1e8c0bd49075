// Runaways in a terminal: each ends by itself or by Ctrl-C soon after, memory stays bounded, and the prompt answers afterwards.

import { expect, test } from 'vitest';
import { createEngine } from './engine.ts';
import { ALL } from './open.ts';
import type { Event } from './protocol.ts';

const POD =
  '{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: "busybox:1.35", command: [sleep, infinity]}]}}';
/** System calls the page lets the engine do between two looks at the keyboard. */
const SLICE = 50;

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

  pump(slices: number): void {
    for (let slice = 0; slice < slices; slice++) this.engine.pump(SLICE);
    this.output = this.output.slice(-1000);
  }
}

const terminal = new Terminal();

test.each([
  ['yes | head -n 1', 'y\r\n'],
  ['cat /dev/zero | head -c 1000000 | wc -c', '1000000\r\n'],
])('%s ends by itself', (command, answer) => {
  terminal.type(`${command}\r`);
  terminal.until('\n');
  expect(terminal.until('/ # ')).toBe(`${answer}/ # `);
});

test.each([
  'while :; do :; done',
  'yes > /dev/null',
  'dd if=/dev/zero of=/tmp/x bs=1M count=100000',
  'cat /dev/zero > /dev/null',
  'while :; do x=$(echo x); done',
  'find / -exec true {} \\;',
])('%s is interrupted by Ctrl-C within a few slices', (command) => {
  terminal.type(`${command}\r`);
  terminal.until('\n');
  const before = process.memoryUsage();
  terminal.pump(10);
  const after = process.memoryUsage();
  expect((after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 1e6).toBeLessThan(300);
  terminal.type('\x03');
  terminal.until('/ # ', 200);
  terminal.type('rm -f /tmp/x; echo still $((40+2))\r');
  expect(terminal.until('still 42')).toContain('still 42');
  terminal.until('/ # ');
});
