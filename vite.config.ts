import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  build: { target: 'es2022', outDir: 'dist/page' },
  server: { host: '127.0.0.1' },
  preview: { host: '127.0.0.1' },
});
