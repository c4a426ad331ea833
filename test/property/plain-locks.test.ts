import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readPlain } from '../../packages/app/src/text/read-plain.ts'
import { readYaml } from '../../packages/app/src/text/read-yaml.ts'
import { mutated } from '../fuzz/mutations.ts'
import { Random } from '../fuzz/random.ts'
import { root } from '../support/command.ts'

const lock = readFileSync(`${root}examples/acceptance/natplan.lock.yaml`, 'utf8')
const small = `version: 1
sites:
  "null":
    10.0.1.0/27: {}
  a-b:
    2001:db8::/32:
      translated: 192.168.1.0/24
      realFor: all
released:
  c:
    10.0.0.0/8: 100.64.0.0/10
`

/** Names that YAML has a meaning for, numbers of all kinds, and forms that look plain. */
const strange = [
  'null',
  'True',
  'yes',
  '~',
  '007',
  '0x1f',
  '1_000',
  '1e3',
  '.5',
  'a: b',
  '- - a',
  '? a',
  'x:',
  '12:30:45',
  '::/0',
  '<<',
  '  ',
  '\t',
]

describe('a text in the forms that a lock is written in', () => {
  it.each([lock, small])('is read as the YAML reader reads it', (text) => {
    expect(readPlain(text)).toEqual(readYaml('lock', text, 'lock').data)
  })

  it('is read as that does, or left to it, whatever happened to it', () => {
    let count = 0
    for (let seed = 0; seed < 6000; seed++) {
      const random = new Random(seed)
      const changed = mutated(random.one([lock, small]), random, [lock, small, strange.join('\n')])
      const text = random.chance(50)
        ? changed
        : changed.replace(random.one(changed.match(/[^\s:]+/g) ?? ['x']), () => random.one(strange))
      const plain = readPlain(text)
      if (plain === undefined) continue
      count++
      const { data, findings } = readYaml('lock', text, 'lock')
      expect({ data: plain, findings: [] }, text).toEqual({ data, findings })
    }
    expect(count).toBeGreaterThan(300)
  })

  it('is left to the YAML reader where a line has any other form', () => {
    for (const text of [
      '',
      '{}\n',
      'a:\n',
      'a: 1\na: 2\n',
      'a: x # y\n',
      'a:\n - b\n',
      ' a: b\n',
      'a: b\n  c: d\n',
      '__proto__: x\n',
    ]) {
      expect(readPlain(text), text).toBeUndefined()
    }
  })
})
