import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const everywhere = ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts']
const kernel = ['test/kernel/**/*.test.ts']
/** They have a processor made of software where this machine's kernel cannot do it. */
const guests = [
  'test/kernel/agreement/**/*.test.ts',
  'test/kernel/lab/lab.test.ts',
  'test/kernel/lab/forms/**/*.test.ts',
]
const processors = availableParallelism()

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // No test changes what modules hold, so that each worker loads them once: that was a third of the time of all plain tests.
    isolate: false,
    projects: [
      // One file for each processor: with one more, it takes as long.
      project('plain', { include: everywhere, exclude: kernel, maxWorkers: Math.min(4, processors) }, 0),
      // After these, and few at once: they wait for kernels and daemons by the clock.
      project('kernel', { include: kernel, exclude: guests, maxWorkers: Math.min(2, processors) }, 1),
      project('guests', { include: guests, exclude: [], maxWorkers: 1 }, 2),
    ],
  },
})

interface Files {
  readonly include: string[]
  readonly exclude: string[]
  readonly maxWorkers: number
}

function project(name: string, { include, exclude, maxWorkers }: Files, groupOrder: number) {
  return {
    extends: true as const,
    test: {
      name,
      include,
      exclude: ['**/node_modules/**', ...exclude],
      setupFiles: ['test/support/seed.ts'],
      maxWorkers,
      sequence: { groupOrder },
    },
  }
}
