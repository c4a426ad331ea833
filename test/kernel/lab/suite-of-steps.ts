import { afterAll, beforeAll, expect, it } from 'vitest'
import { lacksEsp } from '../../../packages/cli/src/lab/needs.ts'
import { requireLab } from '../../support/require.ts'
import { runGuest } from './guest.ts'
import { findGuestKernel } from './guest-kernel.ts'
import type { StepResult } from './steps.ts'

type Report = (result: StepResult) => void

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

export interface StepSuite {
  readonly title: string
  readonly names: readonly string[]
  /** Runs all steps on this machine. */
  readonly run: (report: Report) => Promise<void>
  /** The program that does it in a guest, beside this file. */
  readonly inGuest: string
}

/** A test for each step of a laboratory, on this kernel where it has ESP, otherwise in a guest. */
export async function suiteOfSteps({ title, names, run, inGuest }: StepSuite): Promise<void> {
  const kernel = findGuestKernel()
  const hasEsp = process.getuid?.() === 0 && (await lacksEsp().catch((error) => String(error))) === undefined
  /** What came of each step, as soon as it is known. */
  const results = new Map(names.map((name) => [name, new Pending()]))
  /** Only those that nothing is known of yet. */
  const failAll = (error: unknown): void => {
    for (const { promise, reject } of results.values()) {
      promise.catch(() => {})
      reject(error)
    }
  }
  const start = async (report: Report): Promise<void> => {
    if (hasEsp) await run(report)
    else if (kernel) await runGuest(kernel, { file: inGuest }, (line) => report(JSON.parse(line) as StepResult))
  }

  requireLab({ hasEsp, hasKernel: kernel !== undefined })(
    `${title}, ${hasEsp ? 'on this kernel' : 'in a guest'}`,
    () => {
      let running: Promise<void> | undefined
      beforeAll(() => {
        running = start((result) => results.get(result.name)?.resolve(result)).then(
          () => failAll(new Error('it was never reached')),
          (error: unknown) => failAll(error),
        )
      })
      // The guest is still to be switched off when the last step is known.
      afterAll(() => running)

      it.each([...names])(
        '%s',
        async (name) => {
          const result = await results.get(name)?.promise
          if (result?.measured !== undefined) process.stderr.write(`${result.measured}\n`)
          expect(result?.problem).toBeUndefined()
        },
        limit,
      )
    },
  )
}
