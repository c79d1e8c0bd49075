// The table of what is simulated, against the comments in the sources: a file that says `Deviates:` lies in a row that admits it.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FIDELITY } from '#content/fidelity.ts';

const SRC = new URL('.', import.meta.url).pathname;
const LAYERS = ['kernel', 'yaml', 'runtime', 'kube', 'userland', 'session'];

function files(folder: string): string[] {
  return readdirSync(join(SRC, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    return statSync(join(SRC, path)).isDirectory() ? files(path) : /\.ts$/.test(name) && !/\.test\.ts$/.test(name) ? [path] : [];
  });
}

const sources = LAYERS.flatMap(files);
const covers = (code: string, path: string): boolean => path === code || (code.endsWith('/') && path.startsWith(code));
/** The row that names the file most exactly. */
const rowOf = (path: string) =>
  FIDELITY.flatMap((row) => row.code.filter((code) => covers(code, path)).map((code) => ({ row, code }))).sort(
    (a, b) => b.code.length - a.code.length,
  )[0]?.row;

test('a file with a deviation belongs to an area that is not called full', () => {
  const hidden = sources.filter((path) => {
    if (!readFileSync(join(SRC, path), 'utf8').includes('Deviates:')) return false;
    const row = rowOf(path);
    return row === undefined || row.fidelity === 'full';
  });
  expect(hidden).toEqual([]);
});

test('every row names code that exists, and every part of the engine has a row', () => {
  expect(FIDELITY.flatMap((row) => row.code).filter((code) => !sources.some((path) => covers(code, path)))).toEqual([]);
  const folders = [...new Set(sources.filter((path) => path.split('/').length > 2).map((path) => path.split('/').slice(0, 2).join('/')))];
  expect(folders.filter((folder) => !sources.some((path) => path.startsWith(`${folder}/`) && rowOf(path) !== undefined))).toEqual([]);
});
