import { describe, expect, it } from 'vitest'
import { markdownCode, markdownParagraph, markdownRow, markdownText } from './markdown.ts'

describe('markdownText', () => {
  it.each([
    ['<b>x</b>', '&lt;b&gt;x&lt;/b&gt;', 'HTML'],
    ['&lt;', '&amp;lt;', 'an entity'],
    ['![i](http://evil.example/p.png)', '!\\[i\\](`http://evil.example/p.png`)', 'a picture'],
    ['[a][b]', '\\[a\\]\\[b\\]', 'a reference'],
    [
      'see https://evil.example/?a=b&c.',
      'see `https://evil.example/?a=b&c.`',
      'an address that becomes a link by itself',
    ],
    ['www.evil.example', '`www.evil.example`', 'another one'],
    ['ask me@evil.example', 'ask `me@evil.example`', 'an e-mail address'],
    ['@everyone', '`@everyone`', 'a name that is told'],
    ['a@b.mailto:a@b', '`a@b.mailto:a@b`', 'two that stand side by side'],
    ['a|b', 'a\\|b', 'the end of a cell'],
    ['`a`', '\\`a\\`', 'code'],
    ['*a* _b_ ~~c~~', '\\*a\\* \\_b\\_ \\~\\~c\\~\\~', 'mark-up'],
    ['a\\|b', 'a\\\\\\|b', 'an escape that would take the escape away'],
    ['a\u001bb\nc', 'a\\u001bb\\u000ac', 'what cannot be seen'],
  ])('shows %s as text: %s (%s)', (text, markdown) => {
    expect(markdownText(text)).toBe(markdown)
  })

  it.each(['10.0.1.0/24 of on_premise-1', '2001:db8::1', 'TUNNEL_MAY_LEAK (risk)', '~', 'C:\\temp', 'a -> b! #1'])(
    'leaves what means nothing to Markdown as it is: %s',
    (text) => {
      expect(markdownText(text)).toBe(text.replace('>', '&gt;'))
    },
  )
})

describe('markdownParagraph', () => {
  it.each([
    ['# a', '\\# a'],
    ['- a', '\\- a'],
    ['1. a', '1\\. a'],
    ['===', '\\==='],
    ['10.0.1.0/24', '10.0.1.0/24'],
  ])('does not let %s begin a block', (text, markdown) => {
    expect(markdownParagraph(text)).toBe(markdown)
  })
})

describe('markdownRow', () => {
  it('has as many cells as it was given', () => {
    expect(markdownRow(['a|b', '`|`'])).toBe('| a\\|b | \\`\\|\\` |\n')
  })
})

describe('markdownCode', () => {
  it('has a fence that no line ends', () => {
    expect(markdownCode(['a', '````'])).toBe('`````text\na\n````\n`````\n')
  })
})
