import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { root } from '../support/command.ts'
import { inProcess } from '../support/in-process.ts'
import { spellings, valuesOf, withSecret } from '../support/secret-spellings.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const platforms = ['vyos-1.4', 'vyos-1.3', 'edgeos', 'vyatta-5600', 'vyatta-5400', 'linux'] as const
const dumps = new Map(
  platforms.map((name) => [name, readFileSync(join(root, 'test/platforms/dumps', `${name}.txt`), 'utf8')]),
)

const other = dumps.get('vyos-1.4') ?? ''

const plan = (platform: string) => `version: 1
sites:
  a:
    subnets: [10.20.0.0/24]
    gateway: { platform: ${platform}, outside: { interface: eth0, address: 203.0.113.1 }, inside: { interface: eth1 } }
  b:
    subnets: [10.20.0.0/24]
    gateway: { platform: vyos-1.4, outside: { interface: eth0, address: 198.51.100.7 }, inside: { interface: eth1 } }
tunnels: [{ sites: [a, b], preSharedKey: { env: NATPLAN_PSK } }]
`

function commandsFor(platform: string, at: (name: string) => string): readonly (readonly string[])[] {
  const dump = at('a.txt')
  const both = [`a:${platform}=${dump}`, `b=${at('b.txt')}`]
  const planned = ['-f', at('natplan.yaml')]
  return [
    ['verify', ...both],
    ['verify', `a=${dump}`, '--output', 'json'],
    ['verify', ...both, '--output', 'json'],
    ['verify', ...both, '--output', 'yaml'],
    ['verify', ...both, '--output', 'markdown'],
    ['verify', ...planned, ...both],
    ['trace', '--config', both[0] ?? '', '--config', both[1] ?? '', 'a:10.20.0.5', '172.18.0.7'],
    ['trace', '--config', both[0] ?? '', '--config', both[1] ?? '', 'a:10.20.0.5', '172.18.0.7', '--output', 'json'],
    ['diff', `a=${dump}`, ...planned],
    ['diff', `a=${dump}`, ...planned, '--output', 'json'],
    ['vyatta', ...planned, '--site', 'a', '--existing', `a=${dump}`],
    ['verify', ...planned, '--routes', `a=${dump}`, '--output', 'json'],
    ['overlaps', '--extract', dump, '10.0.0.0/8'],
    ['overlaps', dump, '10.0.0.0/8', '--bad-lines', at('bad.txt')],
    ['overlaps', dump, '10.0.0.0/8', '--format', 'csv', '--column', '1'],
    ['overlaps', dump, '10.0.0.0/8', '--format', 'json'],
    ['overlaps', dump, '10.0.0.0/8', '--format', 'ndjson'],
    ['free', dump, '--output', 'json'],
    ['explain', 'LINES_BAD'],
  ]
}

const lines = Object.values(spellings).flat()
const key = fc.stringMatching(/^[A-Z][A-Za-z0-9]{13,30}$/)
const secretLine = fc.tuple(fc.constantFrom(...lines), fc.nat(1000))
const place = fc.double({ min: 0, max: 1, noNaN: true })

interface Placed {
  readonly platform: (typeof platforms)[number]
  readonly key: string
  readonly placed: readonly (readonly [readonly [string, number], number])[]
  /** Which commands are tried. */
  readonly commands: readonly number[]
  readonly cut: readonly [number, number] | undefined
}

const given: fc.Arbitrary<Placed> = fc.record({
  platform: fc.constantFrom(...platforms),
  key,
  placed: fc.array(fc.tuple(secretLine, place), { minLength: 1, maxLength: 5 }),
  commands: fc.uniqueArray(fc.nat(18), { minLength: 1, maxLength: 4 }),
  cut: fc.option(fc.tuple(place, place), { nil: undefined, freq: 4 }),
})

/** The key as it is, or, where it stands at the end of the line, within a text that a careless reader takes for another one. */
function written(line: string, secret: string, shape: number): string {
  const shapes = valuesOf(secret)
  const value = shapes[shape % (2 * shapes.length)]
  return value !== undefined && /[\w=] ?@$/.test(line) ? line.replace(/@$/, () => value) : withSecret(line, secret)
}

function dumpWith({ platform, key: secret, placed, cut }: Placed): string {
  const whole = (dumps.get(platform) ?? '').split('\n')
  for (const [[line, shape], where] of placed) {
    whole.splice(Math.floor(where * whole.length), 0, written(line, secret, shape))
  }
  const text = whole.join('\n')
  if (!cut) return text
  const end = Math.floor((1 - cut[1] / 4) * text.length)
  return text.slice(lineFrom(text, Math.floor((cut[0] * text.length) / 4)), end)
}

/** Where the first line begins at or after a place: of a word that is cut in its middle (`ecret "…"`) nobody can tell what it was. */
function lineFrom(text: string, place: number): number {
  return place === 0 ? 0 : text.indexOf('\n', place - 1) + 1
}

describe('a key in a configuration', () => {
  it('is in nothing that any command says of it', { timeout: 600_000 }, async () => {
    const folder = temporaryFolder({ 'b.txt': other })
    const at = (name: string) => join(folder, name)
    await fc.assert(
      fc.asyncProperty(given, async (one) => {
        writeFileSync(at('a.txt'), dumpWith(one))
        writeFileSync(at('natplan.yaml'), plan(one.platform))
        const commands = commandsFor(one.platform, at)
        for (const args of one.commands.map((index) => commands[index] ?? [])) {
          const { status, output: said } = await inProcess(args)
          expect(status === 70 ? said : '').toBe('')
          expect({ args, shows: lineWith(said, one.key) }).toEqual({ args, shows: undefined })
        }
        const written = existsSync(at('bad.txt')) ? readFileSync(at('bad.txt'), 'utf8') : ''
        expect(lineWith(written, one.key)).toBeUndefined()
      }),
      { numRuns: Number(process.env['RUNS'] ?? 60), interruptAfterTimeLimit: 240_000 },
    )
  })
})

function lineWith(text: string, secret: string): string | undefined {
  return text.split('\n').find((line) => line.includes(secret))
}
