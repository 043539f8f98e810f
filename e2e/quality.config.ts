import { defineConfig } from 'vitest/config';

/** Measures calls of browsers over bad networks, as `npm run quality`: nothing fails for being slow. */
export default defineConfig({
  test: {
    include: ['quality/**/*.test.ts'],
    fileParallelism: false,
    retry: 0,
    testTimeout: 180_000,
    hookTimeout: 30_000,
    reporters: ['verbose'],
  },
});
