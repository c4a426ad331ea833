import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { NodeUnderTest } from './node-under-test.ts'
import { onNodes } from './suites.ts'
import { bothTools } from './toolboxes.ts'

const before = ['172.20.0.0/16']

/** The texts that are lists, and the prefixes they hold. */
const lists: readonly [reason: string, text: string, prefixes: readonly string[]][] = [
  ['one line', '["192.168.1.0/24"]', ['192.168.1.0/24']],
  ['one per line', '[\n  "192.168.1.0/24",\n  "192.168.2.0/24"\n]\n', ['192.168.1.0/24', '192.168.2.0/24']],
  ['no order', '["192.168.2.0/24","192.168.1.0/24"]', ['192.168.2.0/24', '192.168.1.0/24']],
  ['the lines of another system', '[\r\n\t"192.168.1.0/24"\r\n]\r\n', ['192.168.1.0/24']],
  ['the comma first', '["192.168.1.0/24"\n,"192.168.2.0/24"]', ['192.168.1.0/24', '192.168.2.0/24']],
  ['one inside another', '["192.168.0.0/16","192.168.1.0/24"]', ['192.168.0.0/16', '192.168.1.0/24']],
  ['the same address twice', '["192.168.0.0/16","192.168.0.0/24"]', ['192.168.0.0/16', '192.168.0.0/24']],
  ['the longest and a short one', '["192.168.9.7/32","172.16.0.0/12"]', ['192.168.9.7/32', '172.16.0.0/12']],
  ['none, on purpose', '[]', []],
  ['none, with room', ' [ \n ] \n', []],
]

/** The texts that are none, and what is wrong with them. */
const others: readonly [reason: string, text: string, complaint: string][] = [
  ['nothing', '', 'empty-file'],
  ['white space', ' \n\n', 'empty-file'],
  ['null', 'null', 'not-an-array'],
  ['an object', '{}', 'not-an-array'],
  ['a string', '"192.168.1.0/24"', 'not-an-array'],
  ['bare lines', '192.168.1.0/24\n192.168.2.0/24\n', 'not-an-array'],
  ['YAML', '- 192.168.1.0/24\n', 'not-an-array'],
  ['an object that holds the array', '{"routes": ["192.168.1.0/24"]}', 'not-an-array'],
  ['no end', '["192.168.1.0/24"', 'not-an-array'],
  ['no end after a comma', '["192.168.1.0/24",', 'not-an-array'],
  ['no end within a prefix', '["192.168.1.0/24", "192.168', 'not-an-array'],
  ['no beginning', '"192.168.1.0/24"]', 'not-an-array'],
  ['a string without its end', '["192.168.1.0/24]', 'not-a-string'],
  ['a string without its beginning', '[192.168.1.0/24"]', 'not-a-string'],
  ['no quotes', '[192.168.1.0/24]', 'not-a-string'],
  ['other quotes', "['192.168.1.0/24']", 'not-a-string'],
  ['no comma', '["192.168.1.0/24" "192.168.2.0/24"]', 'not-a-string'],
  ['an array within', '[["192.168.1.0/24"]]', 'not-a-string'],
  ['an array in the middle', '["192.168.1.0/24",[],"192.168.2.0/24"]', 'not-a-string'],
  ['a number', '[192]', 'not-a-string'],
  ['a null', '["192.168.1.0/24", null]', 'not-a-string'],
  ['a comma at the end', '["192.168.1.0/24",]', 'stray-comma'],
  ['a comma at the beginning', '[,"192.168.1.0/24"]', 'stray-comma'],
  ['two commas', '["192.168.1.0/24",,"192.168.2.0/24"]', 'stray-comma'],
  ['only a comma', '[,]', 'stray-comma'],
  ['a comma after it', '["192.168.1.0/24"],', 'not-an-array'],
  ['a second array', '["192.168.1.0/24"]["192.168.2.0/24"]', 'not-a-string'],
  ['a second array after a comma', '["192.168.1.0/24"],["192.168.2.0/24"]', 'not-a-string'],
  ['a comment', '["192.168.1.0/24"] // the warehouse', 'not-an-array'],
  ['two ends', '["192.168.1.0/24"]]', 'not-a-string'],
  ['the end as the script sees it', '["192.168.1.0/24"]@ 0', 'not-an-array'],
  ['that end between commas', '["192.168.1.0/24"] @ 0,"192.168.2.0/24"]', 'text-after-array'],
  ['a mark of byte order', '\uFEFF["192.168.1.0/24"]', 'not-an-array'],
  ['an escape', '["192.168.1.0\\/24"]', 'not-a-string'],
  ['a space in the string', '[" 192.168.1.0/24"]', 'not-a-prefix'],
  ['a line end in the string', '["192.168.1.0/24\n"]', 'not-a-prefix'],
  ['a NUL in the middle', '["192.168.1.0/24"\0]', 'not-a-string'],
  ['a NUL in a string', '["192.168.1.0/24\0"]', 'not-a-prefix'],
  ['a NUL at the end', '["192.168.1.0/24"]\0', 'not-an-array'],
  ['a vertical tab', '["192.168.1.0/24"\v]', 'not-a-string'],
  ['digits of another script', '["١٩٢.168.1.0/24"]', 'not-a-prefix'],
  ['an empty string', '[""]', 'not-a-prefix'],
  ['an address', '["192.168.1.0"]', 'not-a-prefix'],
  ['a mask', '["192.168.1.0/255.255.255.0"]', 'not-a-prefix'],
  ['three numbers', '["192.168.1/24"]', 'not-a-prefix'],
  ['a number too large', '["192.168.1.256/32"]', 'not-a-prefix'],
  ['a number far too large', '["192.168.1.4294967296/32"]', 'not-a-prefix'],
  ['a length too large', '["192.168.1.0/33"]', 'not-a-prefix'],
  ['a sign', '["192.168.1.0/+24"]', 'not-a-prefix'],
  ['hexadecimal', '["0xc0.168.1.0/24"]', 'not-a-prefix'],
  ['a leading zero', '["192.168.01.0/24"]', 'leading-zero'],
  ['a leading zero in the length', '["192.168.1.0/024"]', 'leading-zero'],
  ['host bits', '["192.168.1.1/24"]', 'host-bits'],
  ['host bits of a short prefix', '["172.16.0.1/12"]', 'host-bits'],
  ['the same twice', '["192.168.1.0/24","192.168.2.0/24","192.168.1.0/24"]', 'duplicate'],
]

/** What JSON and the plan's rules make of a text: the prefixes, or nothing. */
function prefixesOf(text: string): string[] | undefined {
  if (text.includes('\\')) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string' && isCanonical(entry)))
      return undefined
    return new Set(value).size === value.length ? value : undefined
  } catch {
    return undefined
  }
}

function isCanonical(text: string): boolean {
  const [address = '', length = '', ...rest] = text.split('/')
  const parts = [...address.split('.'), length]
  if (rest.length > 0 || parts.length !== 5) return false
  if (!parts.every((part, i) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= (i < 4 ? 255 : 32))) return false
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  return value % 2 ** (32 - Number(length)) === 0
}

function expectUnchanged(node: NodeUnderTest, text: string, complaint: string): void {
  node.list(text)
  const { status, stdout } = node.agent('once')
  expect({ text, status, stdout }).toMatchObject({ status: 1, stdout: expect.stringContaining(`reason=${complaint}`) })
  expect([text, ...node.own().keys()]).toEqual([text, ...before])
}

onNodes('list', bothTools, (fresh) => {
  it('takes what is a JSON array of prefixes', () => {
    const node = fresh()
    for (const [reason, text, prefixes] of lists) {
      node.list(text)
      node.converge()
      expect([reason, ...[...node.own().keys()].sort()]).toEqual([reason, ...[...prefixes].sort()])
    }
  })

  it('changes nothing for anything else, and says why', () => {
    const node = fresh()
    node.list(before)
    node.converge()
    for (const [, text, complaint] of others) expectUnchanged(node, text, complaint)
  })

  it('refuses more entries or bytes than it is allowed to take', () => {
    const node = fresh()
    node.set({ NATPLAN_MAX_ROUTES: '8' })
    const many = (count: number) => Array.from({ length: count }, (_, i) => `192.168.${i}.0/24`)
    node.list(many(8))
    node.converge()
    node.list(before)
    node.converge()
    expectUnchanged(node, JSON.stringify(many(9)), 'too-long')
    expectUnchanged(node, `["192.168.1.0/24"${' '.repeat(8 * 64)}]`, 'too-long')
    expectUnchanged(node, `["${'1'.repeat(1_000_000)}`, 'too-long')
    expectUnchanged(node, '\0'.repeat(1_000_000), 'too-long')
  })

  const reported = (log: string) =>
    [...log.matchAll(/event=problem problem=route-refused route=(\S+) reason=(.*)/g)].map(([, route, reason]) => [
      route,
      reason,
    ])

  it('refuses what lies in protected space, contains it, or contains the private network, and takes the rest', () => {
    const node = fresh()
    node.set({ NATPLAN_PROTECTED: ' 172.21.0.0/16\n172.30.0.0/16 ', NATPLAN_ALLOWED: '0.0.0.0/0' })
    const refused = {
      special: [
        ['0.1.0.0/16', '0.0.0.0/8', '127.0.0.0/8', '127.0.0.53/32', '169.254.0.0/16', '169.254.169.254/32'],
        ['169.254.0.0/15', '224.0.0.0/4', '239.1.1.0/24', '240.0.0.0/4', '255.255.255.255/32', '192.0.0.0/2'],
      ].flat(),
      protected: ['172.30.0.0/16', '172.30.7.0/24', '172.30.0.1/32', '172.28.0.0/14', '172.0.0.0/8'],
      'contains-private-network': ['10.0.0.0/8', '8.0.0.0/5'],
      // These meet more than one of the three.
      '': ['128.0.0.0/1', '0.0.0.0/1', '0.0.0.0/0'],
    }
    for (const [reason, prefixes] of Object.entries(refused)) {
      for (const [index, prefix] of prefixes.entries()) {
        const other = `192.168.${index}.0/24`
        node.list([prefix, other])
        const { status, stdout } = node.agent('once')
        expect([status, reported(stdout)]).toEqual([1, [[prefix, expect.stringMatching(new RegExp(`^${reason}`))]]])
        expect([prefix, ...node.own().keys()]).toEqual([prefix, other])
      }
    }
    for (const prefix of [
      '172.31.0.0/16',
      '172.20.0.0/16',
      '126.0.0.0/8',
      '169.253.0.0/16',
      '223.255.255.0/24',
      '10.200.0.0/16',
    ]) {
      node.list(['192.168.1.0/24', prefix])
      node.converge()
      expect(node.own().has(prefix)).toBe(true)
    }
  })

  it('refuses what is not in one allowed prefix, private space unless others are given, and takes the rest', () => {
    const node = fresh()
    const publicly = ['8.8.8.8/32', '168.63.129.16/32', '11.0.0.0/8', '100.0.0.0/9', '100.128.0.0/10', '172.32.0.0/16']
    const privately = ['100.64.0.0/10', '172.31.255.0/24', '192.168.0.0/16', '198.19.0.0/16', '10.9.0.0/16']
    node.list([...publicly, ...privately])
    const { status, stdout } = node.agent('once')
    expect([status, reported(stdout)]).toEqual([1, publicly.map((route) => [route, 'not-allowed'])])
    expect([...node.own().keys()].sort()).toEqual(privately.toSorted())
    node.set({ NATPLAN_ALLOWED: '8.8.8.0/24 192.168.0.0/16' })
    node.list(['8.8.8.8/32', '8.8.8.0/24', '192.168.1.0/24'])
    node.converge()
    node.list(['8.8.8.0/23', '8.8.9.0/24', '172.31.255.0/24', '192.168.1.0/24'])
    expect(node.agent('once').status).toBe(1)
    expect([...node.own().keys()]).toEqual(['192.168.1.0/24'])
  })

  it('takes a route off that is refused from now on, and needs no gateway for that', () => {
    const node = fresh()
    node.set({ NATPLAN_ALLOWED: '0.0.0.0/0' })
    node.list(['8.8.8.8/32', '192.168.1.0/24'])
    node.converge()
    node.list(['8.8.8.8/32'])
    node.set({ NATPLAN_ALLOWED: '' })
    node.ip('route del 10.0.0.0/8')
    expect(reported(node.agent('once').stdout)).toEqual([['8.8.8.8/32', 'not-allowed']])
    // Nothing is left of the list, which nobody meant: only `[]` takes all routes off.
    expect([...node.own().keys()]).toEqual(['192.168.1.0/24'])
    node.list([])
    node.converge()
    expect(node.own().size).toBe(0)
  })

  it('names ten of the routes that it refuses, and counts the rest', () => {
    const node = fresh()
    node.list(['192.168.1.0/24', ...Array.from({ length: 200 }, (_, i) => `44.0.${i}.0/24`)])
    const { stdout } = node.agent('once')
    expect(reported(stdout)).toHaveLength(10)
    expect(stdout).toContain('problem=route-refused more=190')
    expect(node.own().size).toBe(1)
  })

  it('names the first faults, not thousands', () => {
    const node = fresh()
    node.list(JSON.stringify(Array.from({ length: 3000 }, () => '192.168.1.1/24')))
    const { stdout } = node.agent('once')
    expect(stdout.match(/list-refused/g)).toHaveLength(10)
  })

  it('takes and refuses what a JSON parser does, for texts that are nearly lists', () => {
    const node = fresh()
    node.set({ NATPLAN_ALLOWED: '0.0.0.0/0' })
    const prefix = fc.constantFrom('192.168.1.0/24', '192.168.20.0/23', '172.16.0.0/12', '192.168.9.7/32')
    const valid = fc.uniqueArray(prefix, { maxLength: 3 }).map((prefixes) => JSON.stringify(prefixes, null, 1))
    const alphabet = [...'[]",/. \n0123456789\\@-{}:a\t\r\0']
    const edit = fc.tuple(fc.nat(80), fc.constantFrom(0, 1), fc.constantFrom('', ...alphabet))
    const nearly = fc.tuple(valid, fc.array(edit, { maxLength: 2 })).map(([text, edits]) =>
      edits.reduce((now, [at, remove, insert]) => {
        const position = at % (now.length + 1)
        return now.slice(0, position) + insert + now.slice(position + remove)
      }, text),
    )
    let own: string[] = []
    fc.assert(
      fc.property(nearly, (text) => {
        const expected = prefixesOf(text)
        node.list(text)
        expect(node.agent('once').status).toBe(expected === undefined ? 1 : 0)
        own = expected ?? own
        expect([...node.own().keys()].sort()).toEqual([...own].sort())
      }),
      { numRuns: 60, endOnFailure: true },
    )
  })
})
