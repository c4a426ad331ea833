import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../../../test/support/temporary-folder.ts'
import { openInput } from './input-bytes.ts'

/** Keeps the event loop for so long. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

it.each(['one large file', 'many small files'])('leaves time for signals while %s is read slowly', async (what) => {
  const [count, size] = what === 'one large file' ? [1, 2_000_000] : [20, 1000]
  const names = Array.from({ length: count }, (_, index) => `${index}.txt`)
  const folder = temporaryFolder(Object.fromEntries(names.map((name) => [name, '10.0.0.0/8\n'.repeat(size / 11)])))
  let turns = 0
  let isDone = false
  const counting = (async () => {
    while (!isDone) {
      await setImmediate()
      turns++
    }
  })()
  let pieces = 0
  for (const name of names) {
    for await (const _ of (await openInput(join(folder, name))).chunks) {
      pieces++
      work(60)
    }
  }
  isDone = true
  await counting
  expect(pieces).toBeGreaterThanOrEqual(8)
  expect(turns).toBeGreaterThanOrEqual(pieces)
})
