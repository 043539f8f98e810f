import { defineConfig } from 'vitest/config';

// One browser at a time has the machine: pictures and sound are coded in software, and what is measured must not
// depend on what else runs. Nothing is tried twice.
export default defineConfig({
  test: {
    include: ['flows/**/*.test.ts'],
    fileParallelism: false,
    retry: 0,
    testTimeout: 180_000,
    hookTimeout: 30_000,
    reporters: ['verbose', './harness/closing.ts'],
  },
});
