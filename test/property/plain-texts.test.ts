import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readPlain, Spots } from '../../packages/app/src/text/read-plain.ts'
import { readYaml } from '../../packages/app/src/text/read-yaml.ts'
import { mutated } from '../fuzz/mutations.ts'
import { Random } from '../fuzz/random.ts'
import { root } from '../support/command.ts'

const examples = readdirSync(`${root}examples`, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .sort()
const texts = examples.map((file) => readFileSync(`${root}examples/${file}`, 'utf8'))
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
  '[a, b',
  '{ a: 1, a: 2 }',
  '{a:1}',
  '[fd00::, x]',
  '[::/0, 2001:db8::1]',
  '[a b, c]',
  '[a,b,]',
  '{ a: [1, {b: c}], "d": e } # f',
  "'it''s'",
  '"a\\n"',
  '"a # b"',
  '#a',
  'a#b',
  '-1',
  '-',
  '&a',
  '*a',
  '!a',
  '|',
  '>-',
  '@a',
  '2024-01-01',
  '1.5',
  '10.0.0.1',
  '010.0.0.1',
  'fd00::',
  'a.b/c',
  'NaN',
  'on',
  '---',
  '...',
]

const plan = `# comment
version: 1
pools: [192.168.0.0/16,fd00::/8]   # and more

sites:
    cloud:
        subnets:
        - 10.0.1.0/27
        # here
        - prefix: 10.0.2.0/24
          translateTo: 192.168.3.0/24

        - { prefix: 10.0.3.0/24, hideBehind: "192.168.4.1" }
        hosts: { db: 10.0.2.20, "web": [10.0.2.21, 2001:db8::1] }
        gateway:
            outside: {interface: eth1.100,  address: 'dynamic' }
            identity: "@cloud"
    onpremise: { subnets: [], kubernetes: {} }
tunnels:
- sites: [cloud, onpremise]
  preSharedKey:   { env: NATPLAN_PSK }
-   sites:
    - a
    - b
    authentication:
      cloud: { certificate: ./keys/cloud.pem }
`

const object = `kind: "ConfigMap"
data:
  routes: |
    [
      "10.0.0.0/8", # no comment

        "192.168.1.0/24"
    ]

  more:
    - text: |
        # a
       # b
      x: 1
  last: |
   a
`

/** All paths of a value, and below each one that is not there. */
function pathsIn(value: unknown): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [['missing']]
  const steps = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  const below = steps.flatMap((step) => [
    [step],
    ...pathsIn((value as Record<string | number, unknown>)[step]).map((path) => [step, ...path]),
  ])
  return [...below, ['missing']]
}

describe('a text in the forms that a lock and most plans are written in', () => {
  it('is a plan of every kind that people write', () => {
    for (const text of [plan, ...texts]) {
      const read = readPlain(text)
      if (read) expect(read).toEqual(readYaml('plan', text, 'plan').data)
    }
    expect(readPlain(plan)).toBeDefined()
    expect(texts.filter((text) => readPlain(text) === undefined).length).toBeLessThan(texts.length / 4)
  })

  it.each([lock, small, object])('is read as the YAML reader reads it', (text) => {
    expect(readPlain(text)).toEqual(readYaml('lock', text, 'lock').data)
  })

  it('is read as that does, or left to it, whatever happened to it', () => {
    let count = 0
    for (let seed = 0; seed < 15_000; seed++) {
      const random = new Random(seed)
      const whole = [lock, small, plan, object, random.one(texts)]
      const changed = mutated(random.one(whole), random, [...whole, strange.join('\n')])
      const text = random.chance(50)
        ? changed
        : changed.replace(random.one(changed.match(/[^\s:]+/g) ?? ['x']), () => random.one(strange))
      const plain = readPlain(text)
      if (plain === undefined) continue
      count++
      const { data, findings, locate } = readYaml('lock', text, 'lock')
      expect({ data: plain, findings: [] }, text).toEqual({ data, findings })
      const spots = new Spots()
      readPlain(text, spots)
      for (const path of [[], ...pathsIn(plain)])
        for (const isKey of [false, true]) {
          const place = { source: 'lock', path, isKey } as const
          expect([path, isKey, spots.of(place)], text).toEqual([path, isKey, locate(place)])
        }
    }
    expect(count).toBeGreaterThan(300)
  })

  it('is left to the YAML reader where a line has any other form', () => {
    for (const text of [
      '',
      '{}\n',
      'a:\n',
      'a: 1\na: 2\n',
      'a: x #y\n  b\n',
      'a:\n - b\n  - c\n',
      'a: [b\n',
      'a: [b]c\n',
      'a: "b" c\n',
      '- a\n',
      'a:\n- b: c\n d: e\n',
      'a: 1\r\n',
      `a: ${'['.repeat(70)}${']'.repeat(70)}\n`,
      ' a: b\n',
      'a: b\n  c: d\n',
      '__proto__: x\n',
      'a: |\n',
      'a: |\n\n  b\n',
      'a: |\nb: c\n',
      'a: |\n  b\n c\n',
      'a: |2\n  b\n',
      'a: |-\n  b\n',
    ]) {
      expect(readPlain(text), text).toBeUndefined()
    }
  })
})
