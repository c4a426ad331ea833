import { inspect } from 'node:util'
import Handlebars from 'handlebars'
import { describe, expect, it } from 'vitest'
import { embedTemplates } from '../../../scripts/embed-templates.mjs'
import { type Dialect, templateOf } from './engine.ts'
import { generateKey, keyBytes } from './keys.ts'
import { parseTemplate } from './parse-template.ts'
import { Secret } from './secret.ts'

function compile(text: string, dialect?: Dialect) {
  return templateOf(parseTemplate(text), dialect)
}

describe('a template', () => {
  it.each([
    ['a bare value', '{{name}}'],
    ['raw output', '{{{name}}}'],
    ['a helper that is not known', '{{lookup name "x"}}'],
    ['another block', '{{#with name}}{{/with}}'],
    ['a block of a name', '{{#name}}x{{/name}}'],
    ['a partial', '{{> other}}'],
    ['a literal', '{{v "x"}}'],
    ['a sub-expression', '{{v (v name)}}'],
    ['wrong syntax', '{{#if name}}'],
    ['a character of a value', '{{v name.[0]}}'],
    ['a character of a value behind its list', '{{#each list}}{{#if name.[1]}}x{{/if}}{{/each}}'],
    ['the length of a value', '{{v name.length}}'],
    ['what the engine knows itself', '{{v @root.name}}'],
  ])('refuses %s', (_, text) => {
    expect(() => compile(text)).toThrow(expect.objectContaining({ code: 'TEMPLATE_WRONG' }))
  })

  it.each([
    '{{v typo}}',
    '{{#if typo}}x{{/if}}',
    '{{#each typo}}x{{/each}}',
    '{{#each list}}{{v typo}}{{/each}}',
    '{{v constructor}}',
    '{{v list.typo.name}}',
  ])('throws on a name that the view lacks: %s', (text) => {
    expect(() => compile(text)({ list: [{ name: 'a' }] })).toThrow()
  })

  it.each(['a\nb', 'a\rb', "a'b", 'a"b', 'a$b', 'a\\b', 'a`b', 'a?b', '\u2028', 'é', '', '\u0000', '\u007f'])(
    'refuses the value %j in a command',
    (value) => {
      expect(() => compile('set x {{v value}}')({ value })).toThrow(expect.objectContaining({ code: 'VALUE_UNSAFE' }))
    },
  )

  it('says what is wrong with a part of a value that is not there', () => {
    const wrong = expect.objectContaining({ code: 'TEMPLATE_WRONG' })
    expect(() => compile('{{v one.two}}')({ one: undefined })).toThrow(wrong)
    expect(compile('{{v one.two}}')({ one: { two: 'x' } })).toBe('x')
  })

  it.each(['![i](x)', '[a]', '*a*', '<b>', '&lt;', 'http://x', 'www.x', '@everyone', 'a|b', 'a`b', 'a\u001bb', 'a\nb'])(
    'refuses the value %j in the prose of a document',
    (value) => {
      expect(() => compile('| {{v value}} |', 'document')({ value })).toThrow(
        expect.objectContaining({ code: 'VALUE_UNSAFE' }),
      )
    },
  )

  it.each(['@gateway', 'me@example.net', 'a*b', '10.0.1.0/24', '[x]'])(
    'prints %j between backquotes of a document',
    (value) => {
      expect(
        compile('| `{{v value}}` | {{v site}} |', 'document')({ value, site: 'site_1 (FQDN, without the @)' }),
      ).toBe(`| \`${value}\` | site_1 (FQDN, without the @) |`)
    },
  )

  it('prints lists, blocks and values', () => {
    const text = '{{#each list}}\n{{v name}} {{v ../base}}\n{{/each}}\n{{#if none}}\nx\n{{/if}}\n'
    expect(compile(text)({ list: [{ name: 'a' }, { name: 'b' }], base: 7, none: undefined })).toBe('a 7\nb 7\n')
  })
})

/** Only whether something is there, lists and names decide what is printed; Handlebars itself prints the same. */
describe('what is printed', () => {
  const view = {
    list: [
      { name: 'a', is: true, inner: ['x', 'y'] },
      { name: 'b', is: false, inner: [] },
    ],
    no: 0,
    none: undefined,
    empty: [],
    top: { of: 'it' },
  }
  it.each([
    '{{#each list}}\n  {{v name}} {{v ../top.of}}\n{{else}}\nnothing\n{{/each}}\nend\n',
    'a {{#if no}}x{{else}}y{{/if}} {{#if empty}}x{{else}}y{{/if}} {{#if none}}x{{/if}} {{#if top}}x{{/if}}\n',
    '{{#unless none}}\nx\n{{else}}\ny\n{{/unless}}\n{{#unless list}}x{{/unless}}',
    '{{#if no}}\nx\n{{else if list}}\ny\n{{/if}}\n',
    '{{#each list}}{{#if is}}{{#each inner}}{{v this}}{{v ../name}}{{v ../../top.of}} {{/each}}{{else}}-{{/if}}{{/each}}',
    '{{#each empty}}x{{else}}none{{/each}}{{! a remark }}\n {{~#if list~}} \n z {{~/if}} \n',
  ])('%j', (text) => {
    const handlebars = Handlebars.create()
    handlebars.registerHelper('v', (value: unknown) => value)
    expect(compile(text)(view)).toBe(handlebars.compile(text, { noEscape: true })(view))
  })
})

describe('Secret', () => {
  it('shows nothing however it is printed', () => {
    const secret = new Secret('correct horse')
    const shown = [
      `${secret}`,
      JSON.stringify({ secret }),
      inspect({ secret }, { depth: 9, showHidden: true }),
      String(secret),
    ]
    for (const text of shown) expect(text).not.toContain('horse')
    expect(secret.reveal()).toBe('correct horse')
  })
})

describe('generateKey', () => {
  it('makes a key of letters and digits that begins with a letter', () => {
    const bytes = Uint8Array.from({ length: keyBytes }, (_, index) => (index * 7) % 248)
    expect(generateKey(bytes)).toMatch(/^[A-Za-z][A-Za-z0-9]{31}$/)
    expect(() => generateKey(new Uint8Array(8))).toThrow(RangeError)
  })
})

describe('embedded templates', () => {
  it('are what the *.hbs files say', () => {
    expect(embedTemplates({ check: true })).toEqual([])
  })
})
