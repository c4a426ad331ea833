import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { main } from '../../packages/cli/src/main.ts'
import { type Kind, kinds } from './corpus.ts'
import { drawFrom, mutated, pick } from './mutate.ts'

/** `NATPLAN_FUZZ_MINUTES=30 NATPLAN_FUZZ_SEED=7 npx vitest run test/fuzz` looks longer, and elsewhere. */
const minutes = Number(process.env['NATPLAN_FUZZ_MINUTES'] ?? 0)
const seed = Number(process.env['NATPLAN_FUZZ_SEED'] ?? 1)
const inputs = 250

/** What moves a cursor, hides text or turns it around; line ends are natplan's own. */
const invisible = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

/** Runs the command in this process, which is what makes many runs possible. */
async function run(args: readonly string[]): Promise<{ readonly status: number; readonly output: string }> {
  const pieces: string[] = []
  const keep = (piece: string | Uint8Array) => {
    pieces.push(typeof piece === 'string' ? piece : Buffer.from(piece).toString('utf8'))
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(keep)
  vi.spyOn(process.stderr, 'write').mockImplementation(keep)
  try {
    const status = await main(args)
    return { status, output: pieces.join('') }
  } finally {
    vi.restoreAllMocks()
    process.stdout.removeAllListeners('error')
  }
}

afterEach(() => vi.restoreAllMocks())

/** What one input must not do, whatever is in it. */
async function faultOf(args: readonly string[]): Promise<string | undefined> {
  const { status, output } = await run(args)
  if (![0, 1, 2, 3].includes(status)) return `status ${status}: ${output.slice(0, 2000)}`
  const shown = invisible.exec(output)
  return shown ? `shows ${JSON.stringify(output.slice(Math.max(0, shown.index - 80), shown.index + 20))}` : undefined
}

async function tryOut(kind: Kind, number: number, folder: string): Promise<void> {
  const draw = drawFrom(seed * 1_000_003 + number)
  const file = join(folder, 'input')
  const text = mutated(
    pick(kind.texts, draw),
    draw,
    kinds.flatMap(({ texts }) => texts),
  )
  writeFileSync(file, text)
  const args = pick(kind.commands(file, folder), draw)
  const begin = performance.now()
  const fault = await faultOf(args)
  if (minutes > 0 && performance.now() - begin > 5000) report(`took ${performance.now() - begin} ms`)
  if (fault !== undefined) report(fault)
  function report(what: string): void {
    const kept = join(tmpdir(), `natplan-fuzz-${kind.name.replaceAll(' ', '-')}-${seed}-${number}`)
    writeFileSync(kept, text)
    expect.soft(what, `${args.join(' ')} (kept as ${kept})`).toBe('')
  }
}

describe.each(kinds)('mutated $name', (kind) => {
  it('end with a status of natplan and show nothing invisible', { timeout: (minutes * 60 + 600) * 1000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'natplan-fuzz-'))
    const end = performance.now() + (minutes * 60_000) / kinds.length
    try {
      for (let number = 0; minutes > 0 ? performance.now() < end : number < inputs; number++) {
        await tryOut(kind, number, folder)
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
