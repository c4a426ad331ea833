import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const everywhere = ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts']
const kernel = ['test/kernel/**/*.test.ts']

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // No test changes what modules hold, so that each worker loads them once: that was a third of the time of all plain tests.
    isolate: false,
    projects: [
      // One file for each processor; what begins processes of its own waits for them more than it computes.
      {
        extends: true,
        test: {
          name: 'plain',
          include: everywhere,
          exclude: ['**/node_modules/**', ...kernel],
          setupFiles: ['test/support/seed.ts'],
          maxWorkers: Math.max(1, Math.min(4, availableParallelism())),
          sequence: { groupOrder: 0 },
        },
      },
      // After these, and one by one: they wait for kernels and daemons by the clock.
      {
        extends: true,
        test: {
          name: 'kernel',
          include: kernel,
          setupFiles: ['test/support/seed.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
