// `npm start`: installs what is missing, builds the page if its sources changed, serves it on loopback, prints the URL.

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, newest, root } from './setup.mjs';

ensureInstalled();
const { build, preview } = await import('vite');
const page = join(root, 'dist', 'page', 'index.html');
const sources = Math.max(newest(join(root, 'src')), newest(join(root, 'public')), statSync(join(root, 'index.html')).mtimeMs);
if (!existsSync(page) || statSync(page).mtimeMs < sources) {
  console.log('Building the page …');
  await build({ root, logLevel: 'warn' });
}
const server = await preview({ root, preview: { port: Number(process.env.PORT ?? 4173), host: '127.0.0.1' } });
console.log(`securityContext playground: ${server.resolvedUrls.local[0]}`);
console.log('Stop it with Ctrl-C.');
