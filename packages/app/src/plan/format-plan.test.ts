import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readNetwork } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { root } from '../../../../test/support/command.ts'
import { mistakes, rightPlan } from '../../../../test/support/mistakes.ts'
import { readDocument } from '../text/read-document.ts'
import { formattedPlan } from './format-plan.ts'

function meaningOf(text: string) {
  const { data, findings } = readDocument('natplan.yaml', text, 'plan')
  const reading = readNetwork(data, findings)
  const told = reading.findings.map(({ code, message, place }) => `${code} ${place.path.join('.')} ${message}`)
  return { value: reading.value, told: told.sort() }
}

function expectSame(text: string): string {
  const formatted = formattedPlan(text)
  expect(meaningOf(formatted)).toEqual(meaningOf(text))
  expect(formattedPlan(formatted)).toBe(formatted)
  return formatted
}

describe('formattedPlan', () => {
  it('puts all in its place, and keeps comments', () => {
    const text = `# yaml-language-server: $schema=natplan.schema.json

# Our plan
tunnels:
  - proposal: modern # strong
    sites: [a,b]
sites:
  # the hub
  b:
    gateway: {inside: {interface: eth1}, outside: {address: 203.0.113.1, interface: eth0}, platform: vyos-1.4}
    # what it has
    subnets:
      - 10.0.0.0/24
      - FD00:0:0::/48
  a:
    subnets:
    - 10.1.0.0/24 # desks
    - 10.2.0.0/24
    reserved: [ ${Array.from({ length: 9 }, (_, index) => `10.100.${index}.0/24`).join(', ')} ]
version: 1
pools:
  - 192.168.0.0/16
`
    expect(expectSame(text)).toBe(`# yaml-language-server: $schema=natplan.schema.json

version: 1
pools: [ 192.168.0.0/16 ]

sites:
  # the hub
  b:
    # what it has
    subnets: [ 10.0.0.0/24, fd00::/48 ]
    gateway: { platform: vyos-1.4, outside: { interface: eth0, address: 203.0.113.1 }, inside: { interface: eth1 } }

  a:
    subnets:
      - 10.1.0.0/24 # desks
      - 10.2.0.0/24
    reserved:
${Array.from({ length: 9 }, (_, index) => `      - 10.100.${index}.0/24\n`).join('')}
# Our plan
tunnels:
  - sites: [ a, b ]
    proposal: modern # strong
`)
  })

  it.each(readdirSync(join(root, 'examples')))('leaves the meaning of the example %s', (name) => {
    expectSame(readFileSync(join(root, 'examples', name, 'natplan.yaml'), 'utf8'))
  })

  it.each(mistakes().map((one) => [`${one.code} ${one.path.join('.')}`, one] as const))(
    'of one with %s too',
    (_, one) => {
      const draft = rightPlan()
      one.make(draft)
      expectSame(stringify(draft))
      expectSame(JSON.stringify(draft))
    },
  )

  it.each([
    ['version: 1\nsites:\n  b: &x { subnets: [10.0.0.0/24] }\n  a: *x\n', 'anchors'],
    ['# head\ntunnels: []\nversion: 1\nsites: {}\n', 'a comment about the file'],
    ['# head\n\nversion: 1\nsites: {}\n', 'the same, apart'],
    ['# head\n\n# more\n\n# of tunnels\ntunnels: []\nversion: 1\nsites: {}\n', 'several'],
    ['x-a: &x { subnets: [10.0.0.0/24] }\nsites:\n  a: { <<: *x, reserved: [10.1.0.0/16] }\nversion: 1\n', 'merges'],
    ['tunnels:\n  - { x-why: "a: b", sites: [a, b] }\nx-note: |\n  two\n  lines\nsites: {}\nversion: 1\n', 'own keys'],
    ['version: 1\r\nsites:\r\n  a: { subnets: [] }\r\n', 'lines of another system'],
    ['version: 1\nsites: { a: { subnets: ["10.0.0.0/24"] } } # all\n# the end\n', 'a comment at the end'],
    ['version: 1\nsites:\n\n\n  a: { subnets: [] }\n\n\n  b:\n    subnets: []\n', 'blank lines'],
  ])('leaves the meaning of %j: %s', (text) => {
    const formatted = expectSame(text)
    for (const [comment] of text.matchAll(/#.*/g)) expect(formatted).toContain(comment)
  })
})
