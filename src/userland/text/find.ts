// find: its expression language is in find-expression.ts.

import { strerror } from '#abi/errno.ts';
import { isDir, isLnk } from '#abi/mode.ts';
import type { Program, Stat, SysResult } from '#kernel/uapi/index.ts';
import { command } from '../lib/command-line.ts';
import { quoted } from '../lib/quote.ts';
import { joinPath, lstat, readDir, stat } from '../lib/tree.ts';
import { busyboxFind } from './find-busybox.ts';
import { Expression } from './find-expression.ts';
import type { Visit } from './find-print.ts';

/** Counterpart: find of findutils 4.9; busybox's is in find-busybox.ts */
export const find = command(function* (cli) {
  if (!cli.gnu) return yield* busyboxFind(cli);
  const args = cli.context.argv.slice(1);
  let follow: string | undefined;
  while (args[0] === '-H' || args[0] === '-L' || args[0] === '-P') follow = args.shift();
  const start = args.findIndex((arg) => arg.startsWith('-') || arg === '(' || arg === '!' || arg === ')' || arg === ',');
  const roots = start < 0 ? args : args.slice(0, start);
  const expression = new Expression(cli, start < 0 ? [] : args.slice(start));
  const wrong = yield* expression.parse();
  if (wrong !== undefined) return yield* cli.error(wrong);
  const visit = function* (path: string, depth: number, dev: number | undefined): Program<void> {
    if (expression.quit) return;
    let got: SysResult<Stat> = yield* (follow === '-L' || expression.follow || (follow === '-H' && depth === 0) ? stat : lstat)(path);
    if (!got.ok && (follow === '-L' || follow === '-H')) got = yield* lstat(path);
    if (!got.ok) {
      yield* cli.fail(got.errno, path, quoted(path));
      return;
    }
    const here: Visit = { path, depth, stat: got.value, root: depth === 0 ? path : '', prune: false };
    const inRange = depth >= expression.minDepth;
    if (inRange && !expression.depthFirst) yield* expression.run(here);
    if (
      isDir(got.value.mode) &&
      !isLnk(got.value.mode) &&
      depth < expression.maxDepth &&
      !(here.prune && !expression.depthFirst) &&
      !(expression.oneDevice && dev !== undefined && dev !== got.value.dev)
    ) {
      const inside = yield* readDir(path);
      if (!inside.ok) yield* cli.error(`${quoted(path)}: ${strerror(inside.errno)}`);
      for (const { name } of inside.ok ? inside.value : []) yield* visit(joinPath(path, name), depth + 1, got.value.dev);
    }
    if (inRange && expression.depthFirst) yield* expression.run(here);
  };
  for (const root of roots.length ? roots : ['.']) yield* visit(root, 0, undefined);
  yield* expression.finish();
  return yield* cli.finish();
});
