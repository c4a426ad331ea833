import { Address, type Code, LineReader, NatplanError, Prefix, PrefixTable } from '@natplan/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'

const octet = fc.oneof(fc.nat(255).map(String), fc.constantFrom('0', '00', '01', '256', '300', '999', '1000', '', 'a'))
const ipv4 = fc.array(octet, { minLength: 4, maxLength: 4 }).map((octets) => octets.join('.'))
const group = fc.oneof(
  { weight: 4, arbitrary: fc.nat(0xffff).map((value) => value.toString(16)) },
  { weight: 2, arbitrary: fc.constant('0') },
  { weight: 1, arbitrary: fc.constantFrom('', 'FFFF', '00a1', '12345', 'g', '1.2.3.4') },
)
const ipv6 = fc.oneof(
  fc.array(group, { minLength: 1, maxLength: 9 }).map((groups) => groups.join(':')),
  fc
    .tuple(fc.array(group, { maxLength: 7 }), fc.array(group, { maxLength: 7 }))
    .map((halves) => halves.map((groups) => groups.join(':')).join('::')),
  fc.tuple(fc.array(group, { maxLength: 6 }), ipv4).map(([groups, tail]) => `${groups.join(':')}::${tail}`),
)
const length = fc.oneof(
  { weight: 4, arbitrary: fc.nat(128).map((value) => `/${value}`) },
  { weight: 2, arbitrary: fc.nat(32).map((value) => `/${value}`) },
  { weight: 1, arbitrary: fc.constantFrom('', '/', '/00', '/08', '/33', '/129', '/1000', '/-1', '/+8', '/8/8', '/x') },
)
/** Prefixes without host bits, which random text hardly ever hits. */
const proper = fc.oneof(
  fc.tuple(fc.nat(0xffffffff), fc.nat(32)).map(([bits, length]) => Prefix.fromBits(bits, length).toString()),
  fc
    .tuple(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), fc.nat(128))
    .map(([bits, length]) => Prefix.fromBits(bits, length).toString()),
)
const spoiled = fc
  .tuple(proper, fc.nat(43), fc.constantFrom('', '0', '1', ':', '.', '/', ' ', '\0', 'x', 'é'))
  .map(([text, at, character]) => text.slice(0, at) + character + text.slice(at + 1))
const text = fc.oneof(
  proper,
  spoiled,
  fc.tuple(fc.oneof(ipv4, ipv6), length).map((parts) => parts.join('')),
  fc.string({ maxLength: 50 }).filter((given) => !/[\r\n#]/.test(given)),
)

/** What the readers of single texts make of it: the canonical prefix, or the code of what is wrong. */
function readOne(given: string): string {
  try {
    return given.includes('/') ? Prefix.parse(given).toString() : Prefix.of(Address.parse(given)).toString()
  } catch (error) {
    const code: Code | undefined = error instanceof NatplanError ? error.code : undefined
    return code === 'ADDRESS_INVALID' ? 'PREFIX_INVALID' : String(code)
  }
}

it('reads bytes as Prefix and Address read texts, and writes them back', () => {
  fc.assert(
    fc.property(text, (given) => {
      const table = new PrefixTable()
      const bytes = new TextEncoder().encode(`<${given}>`)
      const fault = table.addText(bytes, 1, bytes.length - 1, 7)
      expect(fault ?? table.prefixAt(0).toString()).toBe(readOne(given))
      expect(table.size).toBe(fault ? 0 : 1)
      if (fault) return
      const written = new Uint8Array(60)
      const end = table.writeText(0, written, 3)
      expect(new TextDecoder().decode(written.subarray(3, end))).toBe(readOne(given))
    }),
    { numRuns: 5000 },
  )
})

it('takes the network where host bits are dropped', () => {
  fc.assert(
    fc.property(fc.tuple(fc.oneof(ipv4, ipv6), length), ([address, slash]) => {
      const table = new PrefixTable({ hostBits: 'drop' })
      const bytes = new TextEncoder().encode(address + slash)
      const fault = table.addText(bytes, 0, bytes.length, 1)
      const bits = Address.tryParse(address)?.bits
      const strict = readOne(address + slash)
      if (strict !== 'PREFIX_HOST_BITS') expect(fault ?? table.prefixAt(0).toString()).toBe(strict)
      else expect(table.prefixAt(0).equals(Prefix.fromBits(bits ?? 0, Number(slash.slice(1))))).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

it('reads the same from lines in pieces of any size as one by one', () => {
  const lineOf = fc.tuple(fc.constantFrom('', ' ', '\t'), text, fc.constantFrom('', ' ', ' # note', '\r'))
  fc.assert(
    fc.property(fc.array(lineOf, { maxLength: 40 }), fc.integer({ min: 1, max: 400 }), (lines, pieceSize) => {
      const bytes = new TextEncoder().encode(lines.map((parts) => `${parts.join('')}\n`).join(''))
      const table = new PrefixTable()
      const reader = new LineReader(table)
      for (let at = 0; at < bytes.length; at += pieceSize) reader.push(bytes.slice(at, at + pieceSize))
      const { faults } = reader.finish()
      const found = new Map(faults.map(({ line, fault }) => [line, fault as string]))
      for (let row = 0; row < table.size; row++) found.set(table.lineAt(row), table.prefixAt(row).toString())
      const expected = lines
        .map(([, given], index) => [index + 1, given.replace(/^[ \t\r]+|[ \t\r]+$/g, '')] as const)
        .filter(([, given]) => given !== '' && !given.startsWith(';'))
      expect([...found].sort(([a], [b]) => a - b)).toEqual(expected.map(([line, given]) => [line, readOne(given)]))
    }),
    { numRuns: 500 },
  )
})

it('reads long texts as line by line, whatever stands among plain lines', () => {
  const plain = fc
    .tuple(fc.nat(0xffffffff), fc.nat(32))
    .map(([bits, length]) => Prefix.fromBits(bits, length).toString())
  const nearly = fc
    .tuple(plain, fc.nat(17), fc.constantFrom('0', '9', '.', '/', ' ', '-', '\0', '\r', 'é', ''))
    .map(([given, at, character]) => given.slice(0, at) + character + given.slice(at + 1))
  const line = fc.oneof(
    { weight: 200, arbitrary: plain },
    { weight: 1, arbitrary: nearly },
    { weight: 1, arbitrary: fc.oneof(text, fc.constantFrom('', '# note')) },
  )
  const ends = fc.constantFrom('\n', '\r\n')
  fc.assert(
    fc.property(fc.array(line, { minLength: 300, maxLength: 1500, size: 'max' }), ends, (lines, end) => {
      const bytes = new TextEncoder().encode(lines.map((given) => given + end).join(''))
      const table = new PrefixTable()
      const reader = new LineReader(table)
      reader.push(bytes)
      const { faults } = reader.finish()
      const found = new Map(faults.map(({ line, fault }) => [line, fault as string]))
      for (let row = 0; row < table.size; row++) found.set(table.lineAt(row), table.prefixAt(row).toString())
      const expected = lines
        .map((given, index) => [index + 1, given.replace(/^[ \t\r]+|[ \t\r]+$/g, '')] as const)
        .filter(([, given]) => given !== '' && !/^[;#]/.test(given))
      expect([...found].sort(([a], [b]) => a - b)).toEqual(expected.map(([line, given]) => [line, readOne(given)]))
    }),
    { numRuns: 60 },
  )
})
