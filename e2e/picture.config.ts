import { defineConfig } from 'vitest/config';

/** Makes docs/meeting.png, as `npm run picture`. */
export default defineConfig({
  test: { include: ['picture/**/*.test.ts'], retry: 0, testTimeout: 120_000, hookTimeout: 30_000 },
});
