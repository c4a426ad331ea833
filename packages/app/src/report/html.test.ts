import { expect, it } from 'vitest'
import { htmlCode } from './html.ts'

it('lines to enter stay whole, with their tabs; what would run or hide is a text', () => {
  const lines = Array.from({ length: 40 }, (_, index) => `\tset vpn ipsec site-to-site peer number-${index}`).join('\n')
  expect(htmlCode(lines)).toBe(lines)
  expect(htmlCode('<b>\u202e&')).toBe('&lt;b&gt;\\u202e&amp;')
})
