import { describe, expect, it } from 'vitest'
import { nameOf } from '../commands/command.ts'
import { commands } from '../commands/index.ts'
import { foldHelp } from './fold-help.ts'
import { parserFor } from './parser.ts'

async function helpOf(...words: string[]): Promise<string> {
  let text = ''
  const args = [...words, '--help']
  await parserFor(args, async () => {}).parseAsync(args, {}, (_, __, help) => {
    text = help
  })
  return text
}

const names = commands.map(({ name }) => nameOf([name].flat()[0] ?? ''))
const wordsOf = (text: string) => text.split(/\s+/)

describe('foldHelp', () => {
  it.each([[], ...names.map((name) => [name])])(
    'breaks the help of natplan %s between words only, on any screen',
    async (...command) => {
      const whole = await helpOf(...command)
      expect(whole).toContain('natplan')
      for (let width = 40; width <= 120; width++) {
        const folded = foldHelp(whole, width)
        expect(wordsOf(folded)).toEqual(wordsOf(whole))
        const long = folded.split('\n').filter((line) => line.length > width)
        expect(long.filter((line) => /\S\s+\S/.test(line))).toEqual([])
      }
    },
  )

  it.each(names)('has every example of natplan %s on one line of a screen of 80 columns', async (name) => {
    const whole = await helpOf(name)
    const [, examples = ''] = whole.split('Examples:\n')
    const commandsShown = examples.split('\n\n')[0]?.split('\n') ?? []
    const folded = foldHelp(whole, 80)
    for (const command of commandsShown.flatMap((line) => line.split(/ {2,}/)[1] ?? []))
      expect(folded).toContain(command)
  })

  it('leaves a line that fits as it is', () => {
    expect(foldHelp('Options:\n  -a, --all    x  [boolean]', 40)).toBe('Options:\n  -a, --all    x  [boolean]')
  })

  it('hangs what does not fit below the second column, and the whole of it below the first on a narrow screen', () => {
    const line = `  --option  ${'word '.repeat(12).trim()}`
    expect(foldHelp(line, 40)).toBe(
      `  --option  word word word word word\n            word word word word word\n            word word`,
    )
    expect(foldHelp(line, 30)).toBe(
      '  --option\n      word word word word word\n      word word word word word\n      word word',
    )
  })

  it('leaves a word whole that is longer than the screen', () => {
    expect(foldHelp(`  --x  ${'y'.repeat(50)} z`, 40)).toBe(`  --x  ${'y'.repeat(50)}\n       z`)
  })
})
