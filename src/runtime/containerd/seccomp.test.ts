// The checksums are those of recorded config.json files: SHA-256 of the rules as JSON with sorted keys and ", " and ": ".

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { SeccompFilter } from '#kernel/uapi/index.ts';
import { defaultSeccomp } from './seccomp.ts';
import { DEFAULT_CAPS } from './spec.ts';

function text(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(text).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}: ${text(each)}`).join(', ')}}`;
}

interface Recorded {
  readonly config: Readonly<
    Record<
      string,
      {
        readonly process: { readonly capabilities: { readonly bounding?: string[] } };
        readonly linux: { readonly seccomp?: SeccompFilter };
      }
    >
  >;
}
const recorded = (id: string): { bounding: readonly string[]; seccomp: SeccompFilter | undefined } => {
  const { config } = JSON.parse(readFileSync(`e2e/real/oci/${id}.json`, 'utf8')) as Recorded;
  const [, own] = Object.entries(config).find(([name, { linux }]) => name !== '(sandbox)' && linux.seccomp !== undefined) ?? [];
  return { bounding: own?.process.capabilities.bounding ?? [], seccomp: own?.linux.seccomp };
};

test.each([
  ['seccomp-rd-dropall', 11],
  ['full-restricted', 11],
  ['seccomp-rd-sysadmin', 13],
])('the default profile is the one of %s', (id, rules) => {
  const { bounding, seccomp } = recorded(id);
  const { syscalls = [], ...head } = defaultSeccomp(bounding);
  const sha256 = createHash('sha256').update(text(syscalls)).digest('hex');
  expect({ ...head, syscalls: { rules: syscalls.length, sha256 } }).toEqual(seccomp);
  expect(syscalls.length).toBe(rules);
});

test('the default profile of the default capabilities is the one of every pause container', () => {
  const { syscalls = [] } = defaultSeccomp(DEFAULT_CAPS);
  const sha256 = createHash('sha256').update(text(syscalls)).digest('hex');
  expect(sha256).toBe('25863d3b0dfeb5a6acc9cb547c72fcfad9117b838255ae8b752942497407849f');
});
