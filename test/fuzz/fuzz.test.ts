import { expect, it } from 'vitest'
import { root } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { inputOf } from './inputs.ts'
import { textsOf } from './texts.ts'
import { problemsOf } from './try.ts'

/** About a minute on one processor; `scripts/fuzz.mjs` goes on from any seed. */
const seeds = 2000

it('no input crashes the command, shows a key or moves a cursor', { timeout: 600_000 }, async () => {
  const texts = textsOf(root)
  const folder = temporaryFolder()
  for (let seed = 0; seed < seeds; seed++) {
    const input = inputOf(seed, texts)
    expect(await problemsOf(input, folder), `node scripts/fuzz.mjs --only --seed ${seed}`).toEqual([])
  }
})
