// Builds the headless engine (src/cli/main.ts) for Node when its sources are newer than the last build, and loads it.
// (Node 20 cannot run TypeScript by itself.)

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cache, ensureInstalled, newest, root } from './setup.mjs';

const bundle = join(cache, 'main.mjs');

/** The exports of src/cli/main.ts. */
export async function loadHeadless() {
  ensureInstalled();
  if (!existsSync(bundle) || statSync(bundle).mtimeMs < newest(join(root, 'src'))) {
    const { build } = await import('vite');
    await build({
      root,
      configFile: false,
      logLevel: 'error',
      publicDir: false,
      ssr: { noExternal: true },
      build: {
        ssr: join(root, 'src/cli/main.ts'),
        outDir: cache,
        emptyOutDir: false,
        minify: false,
        target: 'node20',
        rollupOptions: { output: { entryFileNames: 'main.mjs' } },
      },
    });
  }
  return import(pathToFileURL(bundle).href);
}
