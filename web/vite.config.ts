import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { inlineMessages } from './build/messages.ts';
import { pageSize } from './build/size.ts';

/** Where `npm run dev` finds the server. */
const server = process.env.STUBE_SERVER ?? 'http://127.0.0.1:8080';

export default defineConfig(({ mode }) => ({
  plugins: [svelte(), inlineMessages('en'), pageSize(200_000)],
  build: {
    target: 'es2022',
    assetsDir: '-/assets',
    assetsInlineLimit: 0, // the content security policy knows no data: addresses
    modulePreload: { polyfill: false },
  },
  server: {
    fs: { allow: ['.', '../docs'] }, // the page on privacy shows a document
    proxy: {
      '/-/ws': { target: server, ws: true, changeOrigin: true },
      '/-/api': { target: server, headers: { Origin: new URL(server).origin }, changeOrigin: true },
    },
  },
  // Runes need Svelte's client code, which vitest doesn't choose by itself.
  resolve: mode === 'test' ? { conditions: ['browser'] } : {},
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
}));
