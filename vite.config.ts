import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  // The page is written for React and runs on Preact, which is an eighth of its size (src/DECISIONS.md).
  resolve: {
    alias: [
      { find: /^react(-dom)?$/, replacement: 'preact/compat' },
      { find: 'react-dom/client', replacement: 'preact/compat/client' },
    ],
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  // Sizes are checked by size-limit.
  build: { target: 'es2022', outDir: 'dist/page', chunkSizeWarningLimit: 4000 },
  server: { host: '127.0.0.1' },
  preview: { host: '127.0.0.1' },
});
