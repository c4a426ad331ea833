import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { lacksEsp } from '../../../packages/cli/src/lab/needs.ts'
import { commandFile, root } from '../../support/command.ts'
import { requireLab } from '../../support/require.ts'
import { runGuest } from './guest.ts'
import { findGuestKernel } from './guest-kernel.ts'
import { runSteps, type StepResult, steps } from './steps.ts'

const kernel = findGuestKernel()
const hasEsp = process.getuid?.() === 0 && (await lacksEsp().catch((error) => String(error))) === undefined
const where = hasEsp ? 'on this kernel' : 'in a guest'

/** Milliseconds for all steps: a software CPU is slow, and other tests run beside it. */
const limit = 900_000

/** A result that is not there yet. */
class Pending {
  resolve: (result: StepResult) => void = () => {}
  reject: (error: unknown) => void = () => {}
  readonly promise = new Promise<StepResult>((resolve, reject) => {
    this.resolve = resolve
    this.reject = reject
  })
}

/** What came of each step, as soon as it is known. */
const results = new Map(steps.map(({ name }) => [name, new Pending()]))

async function run(report: (result: StepResult) => void): Promise<void> {
  if (hasEsp) {
    const planFile = join(root, 'examples/acceptance/natplan.yaml')
    await runSteps({ command: commandFile, planFile, name: `test-${process.pid}` }, report)
  } else if (kernel) {
    await runGuest(kernel, { file: './in-guest.ts' }, (line) => report(JSON.parse(line) as StepResult))
  }
}

requireLab({ hasEsp, hasKernel: kernel !== undefined })(`the laboratory, ${where}`, () => {
  let running: Promise<void> | undefined
  beforeAll(() => {
    const report = (result: StepResult) => results.get(result.name)?.resolve(result)
    running = run(report).then(
      () => failAll(new Error('it was never reached')),
      (error: unknown) => failAll(error),
    )
  })
  // The guest is still to be switched off when the last step is known.
  afterAll(() => running)

  it.each(steps.map(({ name }) => name))(
    '%s',
    async (name) => {
      const result = await results.get(name)?.promise
      expect(result?.problem).toBeUndefined()
    },
    limit,
  )
})

/** Only those that nothing is known of yet. */
function failAll(error: unknown): void {
  for (const { promise, reject } of results.values()) {
    promise.catch(() => {})
    reject(error)
  }
}
