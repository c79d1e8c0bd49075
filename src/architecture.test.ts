// The rules of the house, checked on the text of the sources: which layer may import which, no cycles, file size, no clock
// or chance below the page.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { expect, test } from 'vitest';

const SRC = dirname(new URL(import.meta.url).pathname);

/** Layer → layers it may import (itself always). The table of the design, §3.1. */
const MAY: Record<string, readonly string[]> = {
  base: [],
  abi: ['base'],
  provenance: ['base', 'abi'],
  kernel: ['base', 'abi', 'provenance'],
  yaml: ['base', 'provenance'],
  runtime: ['base', 'abi', 'provenance', 'kernel/uapi'],
  kube: ['base', 'abi', 'provenance', 'kernel/uapi', 'yaml', 'runtime/cri.ts'],
  userland: ['base', 'abi', 'provenance', 'kernel/uapi', 'yaml'],
  session: ['base', 'abi', 'provenance', 'kernel', 'yaml', 'runtime', 'kube', 'userland'],
  content: ['base', 'abi/capability.ts', 'session'], // the names and bits of capabilities are data; lessons list them
  ui: ['base', 'abi', 'provenance', 'session', 'content', 'embed'],
  embed: ['base', 'session'],
  cli: ['base', 'yaml', 'session', 'content'],
};

/** Files that may be longer than 400 lines, each with the reason. */
const LONG: Record<string, string> = {};

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return files(path);
    return /\.tsx?$/.test(name) && !name.endsWith('.d.ts') ? [path] : [];
  });
}

const sources = files(SRC).map((path) => ({ path: relative(SRC, path), text: readFileSync(path, 'utf8') }));
const layerOf = (path: string): string => path.split('/')[0] as string;
const isTest = (path: string): boolean => /\.(test|spec)\.tsx?$/.test(path) || /(^|\/)testing(\.ts|\/)/.test(path);
const inLayer = sources.filter(({ path }) => layerOf(path) in MAY);

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)'([^']+)'/g;
const importsOf = (text: string): string[] => [...text.matchAll(IMPORT)].map((match) => match[1] as string);

test('an import points only to the layers the table allows, across layers as #layer/…, inside a layer as ./…', () => {
  const wrong = inLayer
    .filter(({ path }) => !isTest(path))
    .flatMap(({ path, text }) => {
      const layer = layerOf(path);
      return importsOf(text).flatMap((target) => {
        if (target.startsWith('#')) {
          const to = target.slice(1);
          const allowed = layerOf(to) !== layer && (MAY[layer] as readonly string[]).some((may) => to === may || to.startsWith(`${may}/`));
          return allowed ? [] : [`${path} imports ${target}`];
        }
        if (target.startsWith('.')) {
          const to = normalize(join(dirname(path), target));
          return layerOf(to) === layer ? [] : [`${path} leaves its layer: ${target}`];
        }
        return [];
      });
    });
  expect(wrong).toEqual([]);
});

test('no file imports itself through others at run time', () => {
  const graph = new Map(
    inLayer.map(({ path, text }) => {
      const runtime = text.replace(/import type [^;]*;|export type [^;]*from[^;]*;/g, '');
      const targets = importsOf(runtime).flatMap((target) =>
        target.startsWith('#') ? [target.slice(1)] : target.startsWith('.') ? [normalize(join(dirname(path), target))] : [],
      );
      return [path, targets] as const;
    }),
  );
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
      return;
    }
    state.set(path, 'open');
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of graph.keys()) visit(path, []);
  expect(cycles).toEqual([]);
});

test('no file is longer than 400 lines without a reason', () => {
  const long = sources.filter(({ path, text }) => text.split('\n').length > 401 && !(path in LONG)).map(({ path }) => path);
  expect(long).toEqual([]);
});

test('below the page there is no clock, no chance and no timer', () => {
  const wrong = inLayer
    .filter(({ path }) => !['ui', 'embed', 'cli'].includes(layerOf(path)) && !isTest(path))
    .flatMap(({ path, text }) => {
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
      return /\bDate\.now\b|\bMath\.random\b|\bnew Date\(\)|\bperformance\.now\b|\bset(Timeout|Interval)\b/.test(code) ? [path] : [];
    });
  expect(wrong).toEqual([]);
});
