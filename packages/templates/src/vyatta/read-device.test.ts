import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
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
    { dialect: vyos14, expected: ['6 filters', '30 nat'] },
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

describe('time', () => {
  it('grows with the text: a thousand peers, a thousand rules for one large group', () => {
    const peers = Array.from({ length: 1000 }, (_, index) => {
      const peer = `set vpn ipsec site-to-site peer P${index}`
      const prefix = `10.${100 + Math.floor(index / 250)}.${index % 250}.0/24`
      return `${peer} remote-address 198.51.100.${index % 250}\n${peer} tunnel 1 local prefix 10.1.0.0/24\n${peer} tunnel 1 remote prefix ${prefix}\n`
    })
    const members = Array.from(
      { length: 2000 },
      (_, index) => `set firewall group network-group G network 10.${Math.floor(index / 250)}.${index % 250}.0/25\n`,
    )
    const rules = Array.from(
      { length: 1000 },
      (_, index) =>
        `set nat source rule ${index + 1} source group network-group !G\nset nat source rule ${index + 1} translation address masquerade\n`,
    )
    const start = performance.now()
    const { device } = readVyattaDevice([...peers, ...members, ...rules].join(''), vyos14)
    expect(performance.now() - start).toBeLessThan(4000)
    expect(device.tunnels).toHaveLength(1000)
    expect(device.lists.flatMap((list) => list.rules)).toHaveLength(1000)
  })
})
