import { describe, expect, it } from 'vitest'
import { findOverlaps } from './find-overlaps.ts'
import { type FaultyLine, LineReader, type LineReading } from './line-reader.ts'
import { PrefixTable } from './prefix-table.ts'

const encoder = new TextEncoder()

function bytesOf(text: string): Uint8Array {
  return encoder.encode(text)
}

interface Read extends LineReading {
  /** Each prefix with its line. */
  readonly found: readonly string[]
}

/** Reads a text in pieces of some bytes; each piece is overwritten before the next one, as a reader of files does it. */
function read(text: string | Uint8Array, pieceSize = 65_536): Read {
  const bytes = typeof text === 'string' ? bytesOf(text) : text
  const table = new PrefixTable()
  const reader = new LineReader(table)
  const piece = new Uint8Array(pieceSize)
  for (let start = 0; start < bytes.length; start += pieceSize) {
    const part = bytes.subarray(start, start + pieceSize)
    piece.fill(0x58).set(part)
    reader.push(piece, part.length)
  }
  const reading = reader.finish()
  const rows = Array.from({ length: table.size }, (_, row) => row)
  return { ...reading, found: rows.map((row) => `${table.lineAt(row)} ${table.prefixAt(row)}`) }
}

const ten = '10.0.0.0/24'

describe('LineReader', () => {
  it.each<[string, string[], string]>([
    ['', [], 'nothing'],
    [`${ten}\n`, [`1 ${ten}`], 'one line'],
    [ten, [`1 ${ten}`], 'no line end'],
    [`${ten}\r\n10.0.1.0/24\r\n`, [`1 ${ten}`, '2 10.0.1.0/24'], 'CRLF'],
    [`${ten}\r\n10.0.1.0/24\r`, [`1 ${ten}`, '2 10.0.1.0/24'], 'CR at the end of the text'],
    [`\n\n${ten}\n \t\n10.0.1.0/24`, [`3 ${ten}`, '5 10.0.1.0/24'], 'blank lines'],
    [`# all\n${ten} # of the office\n#\n ; closed\n`, [`2 ${ten}`], 'comments'],
    [`  ${ten}\t\n`, [`1 ${ten}`], 'blanks around'],
    [`\ufeff${ten}\n`, [`1 ${ten}`], 'the byte order mark of UTF-8'],
    ['10.0.0.7\nfd00::1\n', ['1 10.0.0.7/32', '2 fd00::1/128'], 'addresses'],
    [`fd00::/8\n${ten}\n::ffff:10.0.0.0/104\n`, ['1 fd00::/8', `2 ${ten}`, '3 ::ffff:a00:0/104'], 'both families'],
    [`# ${'long '.repeat(5000)}\n${ten}\n`, [`2 ${ten}`], 'a comment longer than any line may be'],
    [`${ten} # ${'long '.repeat(5000)}\n`, [`1 ${ten}`], 'a long comment behind a prefix'],
  ])('reads %j as %j: %s', (text, expected) => {
    for (const pieceSize of [1, 2, 3, 7, 64, 65_536]) {
      const { found, faultCount } = read(text, pieceSize)
      expect([found, faultCount]).toEqual([expected, 0])
    }
  })

  const blanks = ' '.repeat(5000)
  it.each<[string, FaultyLine['fault'], string, string]>([
    ['10.0.0.5/24', 'PREFIX_HOST_BITS', '10.0.0.5/24', 'host bits'],
    ['10.0.0.0/33', 'PREFIX_LENGTH_INVALID', '10.0.0.0/33', 'a length beyond the family'],
    ['10.0.0.0/08', 'PREFIX_LENGTH_INVALID', '10.0.0.0/08', 'a length with a leading zero'],
    ['010.0.0.0/8', 'PREFIX_INVALID', '010.0.0.0/8', 'octal to some'],
    ['300.1.1.0/24', 'PREFIX_INVALID', '300.1.1.0/24', 'an octet too large'],
    ['1.2.3/24', 'PREFIX_INVALID', '1.2.3/24', 'three octets'],
    ['10.0.0.0/24 10.0.1.0/24', 'PREFIX_LENGTH_INVALID', '10.0.0.0/24 10.0.1.0/24', 'two on a line'],
    ['10.0.0.0/24;', 'PREFIX_LENGTH_INVALID', '10.0.0.0/24;', 'something behind it'],
    ['10.0.0.0/24#2', 'PREFIX_LENGTH_INVALID', '10.0.0.0/24#2', 'a number sign within a word'],
    ['10.0.0.0/24 ; old', 'PREFIX_LENGTH_INVALID', '10.0.0.0/24 ; old', 'a semicolon behind it'],
    ['10.0.0.0\0/24', 'PREFIX_INVALID', '10.0.0.0\0/24', 'a NUL byte'],
    ['\0\0\0', 'PREFIX_INVALID', '\0\0\0', 'nothing but NUL bytes'],
    ['١٠.0.0.0/24', 'PREFIX_INVALID', 'Ù¡Ù\u00a0.0.0.0/24', 'Arabic digits, shown byte by byte'],
    [`${ten}\r10.0.1.0/24`, 'PREFIX_LENGTH_INVALID', `${ten}\r10.0.1.0/24`, 'line ends of an old Macintosh'],
    ['x'.repeat(100), 'PREFIX_INVALID', 'x'.repeat(80), 'long: the beginning is shown'],
    ['1'.repeat(5000), 'LINE_TOO_LONG', '1'.repeat(80), 'too long to be anything'],
    [`${blanks}${ten}`, 'LINE_TOO_LONG', '', 'blanks, and a prefix where nobody looks any more'],
  ])('finds fault with %.40j as %s', (text, fault, shown) => {
    for (const pieceSize of [1, 5, 65_536]) {
      const { found, faults, faultCount, lines } = read(`${ten}\n${text}\n10.0.2.0/24\n`, pieceSize)
      expect(found).toEqual([`1 ${ten}`, '3 10.0.2.0/24'])
      expect(faults).toEqual([{ line: 2, fault, text: shown }])
      expect([faultCount, lines]).toEqual([1, 3])
    }
  })

  it.each([
    ['little', [0xff, 0xfe, 0x31, 0x00, 0x0a, 0x00, 0x31, 0x00]],
    ['big', [0xfe, 0xff, 0x00, 0x31, 0x00, 0x0a, 0x00, 0x31]],
  ])('refuses UTF-16 with the %s end first by one fault for the whole text', (_, bytes) => {
    for (const pieceSize of [1, 65_536]) {
      const { found, faults, faultCount } = read(Uint8Array.from(bytes), pieceSize)
      expect([found, faultCount]).toEqual([[], 1])
      expect(faults).toEqual([{ line: 1, fault: 'TEXT_UTF16', text: '' }])
    }
  })

  it('reads lines that are cut at every place', () => {
    const text = `${ten}\r\n# office\n192.168.255.0/24\n\nbad\n255.255.255.255/32\n172.16.0.0/12`
    const whole = read(text)
    expect(whole.found).toEqual([`1 ${ten}`, '3 192.168.255.0/24', '6 255.255.255.255/32', '7 172.16.0.0/12'])
    for (let pieceSize = 1; pieceSize < text.length; pieceSize++) expect(read(text, pieceSize)).toEqual(whole)
  })

  it.each([
    ['0.0.0.0/0', 'the shortest'],
    ['255.255.255.255/32', 'the longest'],
    ['', 'blank'],
    ['1.2.3.4', 'no length'],
    ['1.2.3.4/', 'an empty length'],
    ['10.1.0.0/@', 'a length of something that is as far behind 0 as 16'],
    ['10.1.0.0/1@', 'such a second digit'],
    ['1.2.3.4/032', 'a length of three digits'],
    ['0.0.0.0/08', 'a length with a leading zero'],
    ['0.0.0.0/00', 'a length of two zeros'],
    ['0.0.0.0/33', 'a length beyond the family'],
    ['0.0.0.0/64', 'a length that no word can be shifted by'],
    ['10.0.0.1/8', 'host bits'],
    ['0.0.0.1/0', 'a host bit of everything'],
    ['256.0.0.0/8', 'an octet too large'],
    ['0.0.0.999/32', 'the last one too large'],
    ['1000.0.0.0/8', 'an octet of four digits'],
    ['0010.0.0.0/8', 'leading zeros'],
    ['01.2.3.4/32', 'a leading zero'],
    ['00.0.0.0/0', 'two zeros'],
    ['000.0.0.0/0', 'three zeros'],
    ['1.2.3/24', 'three octets'],
    ['1.2.3.4.5/8', 'five octets'],
    ['1..2.3/8', 'an empty octet'],
    ['.1.2.3/32', 'an empty octet first'],
    ['1.2.3./24', 'an empty octet last'],
    ['1.2/3.4', 'a dot in place of the slash'],
    ['1/2/3/4/32', 'slashes in place of dots'],
    ['1.2.3.4.32', 'a dot before the length'],
    ['1:2:3:4/32', 'colons'],
    ['1234567890123456789', 'digits'],
    ['1.2.3.4/32\b10.0.0.0/8', 'another control character in place of the line end'],
    ['1.2.3.4/32\r10.0.0.0/8', 'half a line end'],
    ['1.2.3.4/32\r', 'a line end and a half'],
    ['1.2.3.4/32 ', 'a blank'],
  ])('reads %j among plain lines as alone: %s', (text) => {
    const plain = Array.from({ length: 1000 }, (_, row) => `10.${row >> 8}.${row & 255}.0/24`)
    for (const lineEnd of ['\n', '\r\n']) {
      const alone = read(text + lineEnd)
      const { found, faults } = read([...plain, text, ...plain].map((line) => line + lineEnd).join(''))
      expect(found).toEqual([
        ...plain.map((line, row) => `${row + 1} ${line}`),
        ...alone.found.map((prefix) => prefix.replace('1 ', '1001 ')),
        ...plain.map((line, row) => `${row + 1002} ${line}`),
      ])
      expect(faults).toEqual(alone.faults.map((fault) => ({ ...fault, line: 1001 })))
    }
  })

  it('knows in the last line of a piece what is of the piece before', () => {
    const rows = Array.from({ length: 5000 }, (_, row) => `${row + 1} 255.255.255.255/32`)
    const text = '255.255.255.255/32\r\n'.repeat(rows.length)
    for (const pieceSize of [31_995, 31_996, 31_997, 31_998, 31_999, 32_000, 32_001])
      expect(read(text, pieceSize)).toEqual({ found: rows, lines: 5000, prefixes: 5000, faults: [], faultCount: 0 })
  })

  it.each([
    ['one after the other', (line: number) => line],
    ['behind a blank line in the midst', (line: number) => line + (line > 20_000 ? 1 : 0)],
    ['behind a blank line where columns end', (line: number) => line + (line > 16_384 ? 1 : 0)],
  ])('knows the lines of forty thousand prefixes that stand %s', (_, lineOf) => {
    const lines: string[] = []
    for (let row = 1; row <= 40_000; row++) lines[lineOf(row) - 1] = `10.${row >> 8}.${row & 255}.0/24`
    const { found } = read(Array.from(lines, (line) => line ?? '').join('\n'))
    expect(found).toEqual(Array.from(lines, (line, at) => (line ? [`${at + 1} ${line}`] : [])).flat())
  })

  it('keeps the first faults and counts all', () => {
    const { faults, faultCount, found } = read('bad\n'.repeat(5000) + ten)
    expect([faults.length, faults.at(-1)?.line, faultCount, found.length]).toEqual([1000, 1000, 5000, 1])
  })

  it('goes through a gigabyte of one line without keeping it', () => {
    const table = new PrefixTable()
    const reader = new LineReader(table)
    const piece = new Uint8Array(2 ** 20).fill(0x31)
    for (let count = 0; count < 1024; count++) reader.push(piece)
    reader.push(bytesOf(`\n${ten}\n`))
    const { lines, faults, faultCount } = reader.finish()
    expect([lines, faultCount, faults[0]?.fault, faults[0]?.text.length]).toEqual([2, 1, 'LINE_TOO_LONG', 80])
    expect([table.size, table.lineAt(0)]).toEqual([1, 2])
  })

  it('counts half a trillion pairs of a million copies without listing them', () => {
    const table = new PrefixTable()
    const reader = new LineReader(table)
    const piece = bytesOf('0.0.0.0/0\n'.repeat(10_000))
    for (let count = 0; count < 100; count++) reader.push(piece)
    reader.finish()
    const one = new PrefixTable()
    one.addText(bytesOf(ten), 0, ten.length, 1)
    const equal = [{ left: 0, right: 0, equal: 499_999_500_000, contains: 0, inside: 0 }]
    expect(findOverlaps([table]).countPairs()).toEqual(equal)
    const within = findOverlaps([table])
    const groups: unknown[] = []
    within.forEachGroup(({ prefix, equal, pairs }) => groups.push(`${prefix} ${equal[0]?.count} ${pairs}`) > 0)
    expect(within.flagged).toEqual([1_000_000])
    expect(within.countPairs()).toEqual(equal)
    expect(groups).toEqual(['0.0.0.0/0 1000000 499999500000'])
    const between = findOverlaps([table, one])
    expect(between.flagged).toEqual([1_000_000, 1])
    expect(between.countPairs()).toEqual([{ left: 0, right: 1, equal: 0, contains: 1_000_000, inside: 0 }])
  })

  it('visits no pair of one side when only others are asked for', () => {
    const many = new PrefixTable()
    for (let line = 1; line <= 300_000; line++) many.addIpv4(0, 0, line)
    const other = new PrefixTable()
    other.addIpv4(0, 8, 1)
    let visited = 0
    findOverlaps([many, other]).forEachPair(() => ++visited > 0)
    expect(visited).toBe(300_000)
  })
})
