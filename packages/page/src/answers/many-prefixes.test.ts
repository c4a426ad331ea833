import { expect, it } from 'vitest'
import { nothing } from './given.ts'
import { areMany } from './many-prefixes.ts'

const lines = Array.from({ length: 3000 }, (_, at) => `10.${at >> 8}.${at & 255}.0/24`)

function isLongList(ours: string): boolean {
  return areMany({ ...nothing, ours, theirs: '10.0.0.0/24' })
}

it('compares a long list and does not plan it', () => {
  expect(isLongList(lines.join('\n'))).toBe(true)
  expect(isLongList(lines.slice(0, 100).join('\n'))).toBe(false)
})

it.each([
  [
    'iptables-save',
    `*nat\n:POSTROUTING ACCEPT [0:0]\n${lines.map((line) => `-A POSTROUTING -s ${line} -j ACCEPT`).join('\n')}`,
  ],
  ['nft', `table ip6 filter {\n${lines.join('\n')}\n}`],
  ['swanctl.conf', `connections {\n${lines.map((line) => `remote_ts = ${line}`).join('\n')}\n}`],
  ['ipsec.conf', `conn office\n${lines.map((line) => `  rightsubnet=${line}`).join('\n')}`],
  ['set lines', lines.map((line) => `set protocols static route ${line}`).join('\n')],
])('takes no configuration for a list: %s', (_, text) => {
  expect(isLongList(text)).toBe(false)
})
