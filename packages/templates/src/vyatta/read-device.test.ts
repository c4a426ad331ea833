import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { measured } from '../../../../test/support/cost.ts'
import { dialect as edgeos } from '../platforms/edgeos/view.ts'
import { dialect as vyatta5400 } from '../platforms/vyatta-5400/view.ts'
import { dialect as vyatta5600 } from '../platforms/vyatta-5600/view.ts'
import { dialect as vyos13 } from '../platforms/vyos-1.3/view.ts'
import { dialect as vyos14 } from '../platforms/vyos-1.4/view.ts'
import { readVyattaDevice } from './read-device.ts'

const dumps = new URL('../../../../test/platforms/dumps/', import.meta.url)

describe('a file that is made to break the reader', () => {
  it.each([
    ['a line of very many words', `set nat ${'a '.repeat(200_000)}`],
    ['very many open braces', `nat {\n${'a {\n'.repeat(200_000)}`],
    ['very many closing braces', '}\n'.repeat(200_000)],
    [
      'names of JavaScript',
      'set nat source rule __proto__ constructor toString\nset vpn ipsec site-to-site peer __proto__ x\nset __proto__ x',
    ],
    ['a comment that never ends', '/* nat {\nset nat source rule 1 exclude'],
  ])('%s', (_, text) => {
    for (const dialect of [vyos14, edgeos, vyatta5600]) {
      const { device } = readVyattaDevice(text, dialect)
      expect(device.lists.flatMap(({ rules }) => rules)).toEqual([])
    }
  })
})

describe('whole configurations', () => {
  it.each([
    { dialect: vyos14, expected: ['30 nat'] },
    { dialect: vyos13, expected: [] },
    { dialect: edgeos, expected: [] },
    { dialect: vyatta5400, expected: [] },
    { dialect: vyatta5600, expected: ['70 nat'] },
  ])('of $dialect.platform', ({ dialect, expected }) => {
    const { device } = readVyattaDevice(readFileSync(new URL(`${dialect.platform}.txt`, dumps), 'utf8'), dialect)
    expect(device.unread.map(({ line, touches }) => `${line} ${touches}`)).toEqual(expected)
    expect(device.tunnels.length).toBeGreaterThan(0)
    expect(device.tunnels.filter(({ doubt }) => doubt)).toEqual([])
  })
})

/** That many peers, and as many rules for one group. */
function largeText(count: number): string {
  const each = (line: (index: number) => readonly string[]) =>
    Array.from({ length: count }, (_, index) => line(index).map((text) => `set ${text}\n`)).flat(2)
  const octets = (index: number) => `${Math.floor(index / 250)}.${index % 250}`
  return [
    ...each((index) => [
      `vpn ipsec site-to-site peer P${index} remote-address 198.18.${octets(index)}`,
      `vpn ipsec site-to-site peer P${index} tunnel 1 local prefix 10.1.0.0/24`,
      `vpn ipsec site-to-site peer P${index} tunnel 1 remote prefix 10.${octets(index)}.0/24`,
      `vpn ipsec authentication psk P${index} id 198.18.${octets(index)}`,
      `vpn ipsec authentication psk P${index} secret EXAMPLE-ONLY-${index}`,
    ]),
    ...each((index) => [`firewall group network-group G network 10.${octets(index)}.0/25`]),
    ...each((index) => [
      `nat source rule ${index + 1} source group network-group !G`,
      `nat source rule ${index + 1} translation address masquerade`,
    ]),
  ].join('')
}

describe('time', () => {
  it('suffices for thousands of peers, and of rules for one group', () => {
    const text = largeText(2000)
    expect(measured(() => expect(readVyattaDevice(text, vyos14).keys.size).toBe(2000)).cost).toBeLessThan(1000)
  })
})
