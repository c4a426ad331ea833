import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { natplan, root } from '../support/command.ts'
import { expectGolden } from '../support/golden.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const files = join(root, 'test', 'inputs', 'files')
const three = ['office.csv', 'list.txt', 'aws-vpcs.json']
const acceptance = join(root, 'examples', 'acceptance', 'natplan.yaml')

function validator(name: string) {
  return new Ajv2020().compile(JSON.parse(readFileSync(join(root, 'schema', name), 'utf8')) as object)
}

/** Everything that a command line prints, in each format. */
function results(args: readonly string[], formats: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    formats.flatMap((format) => {
      const { stdout, stderr, status } = natplan([...args, '--output', format], { cwd: files })
      return [
        [`${format}.txt`, stdout],
        [`${format}.stderr.txt`, `${stderr}exit status ${status}\n`],
      ]
    }),
  )
}

const rowFormats = ['table', 'csv', 'json', 'ndjson']

describe('natplan overlaps FILES', () => {
  it.each([
    ['between', three],
    ['within-and-between', [...three, '--within', '--between']],
    ['summary', [...three, '--summary']],
    ['with-arguments', ['10.1.3.0/25', ...three]],
    ['one-file', ['list.txt']],
  ])('prints %s as recorded', (name, args) => {
    expectGolden(join(root, 'test', 'golden', 'overlaps', name), results(['overlaps', ...args], rowFormats))
  })

  it('prints only which prefixes overlap, the same ones as the pairs name', () => {
    const args = ['overlaps', ...three, '--flagged']
    expectGolden(join(root, 'test', 'golden', 'overlaps', 'flagged'), results(args, ['table', 'csv']))
    const rows = (more: readonly string[]) =>
      natplan(['overlaps', ...three, ...more, '--output', 'csv'], { cwd: files })
        .stdout.trim()
        .split('\n')
        .slice(1)
    const ends = rows([]).flatMap((row) => {
      const [prefix, file, line, , ...other] = row.split(',')
      return [[prefix, file, line].join(','), other.join(',')]
    })
    expect(new Set(rows(['--flagged']))).toEqual(new Set(ends))
  })

  it('prints each of thousands that overlap, of both families, with the line on which it stands', () => {
    const texts = Array.from({ length: 9000 }, (_, i) =>
      i % 3 === 0 ? `fd00:${(1 + (i % 500)).toString(16)}::/32` : `10.${i % 7}.${i % 250}.0/24`,
    )
    const lines = texts.flatMap((text, i) => (i % 1000 === 0 ? ['# note', text] : [text]))
    const cwd = temporaryFolder({ 'a, b.txt': [...lines, '192.0.2.0/24', ''].join('\n') })
    const { stdout } = natplan(['overlaps', 'a, b.txt', '--flagged', '--within', '--output', 'csv'], { cwd })
    const expected = lines.flatMap((text, i) => (text === '# note' ? [] : [`${text},"a, b.txt",${i + 1}`]))
    expect(stdout.split('\n')).toEqual(['prefix,file,line', ...expected, ''])
  })

  it('keeps to the documented schema', () => {
    const validate = validator('overlaps-of-files-output.schema.json')
    for (const args of [
      three,
      [...three, '--summary'],
      ['cisco-running.txt', '--extract'],
      ['list.txt', '--limit', '0'],
      ['10.0.0.0/8', 'aws-subnets.json'],
    ]) {
      const { stdout } = natplan(['overlaps', ...args, '--output', 'json'], { cwd: files })
      expect(validate(JSON.parse(stdout)), JSON.stringify(validate.errors)).toBe(true)
    }
  })

  it('groups what is too much to be listed', () => {
    const input = Array.from({ length: 3000 }, (_, i) => `10.${i >> 8}.${i & 255}.0/24\n`).join('')
    const { stdout } = natplan(['overlaps', '-', '10.0.0.0/8', '10.3.0.0/16'], { input: `${input}10.3.7.0/24\n` })
    expect(stdout).toContain('Largest groups')
    expect(stdout).toMatch(/10\.0\.0\.0\/8 +3,001 +command line:1 +1 of command line, 3,001 of standard input/)
    expect(stdout).toMatch(/10\.3\.0\.0\/16 +257 +command line:2 +257 of standard input/)
    expect(stdout.split('\n').length).toBeLessThan(30)
  })

  it('lists every pair that there is, in every format, as a slow count has it', () => {
    const line = (i: number) => `10.0.${i % 7}.${(i * 64) % 256}/${24 + (i % 3)}`
    const lines = Array.from({ length: 240 }, (_, i) => line(i)).filter(
      (text) => !/\.[1-9]\d*\/24|\.(64|192)\/25/.test(text),
    )
    const folder = temporaryFolder({ 'a.txt': `${lines.join('\n')}\n` })
    const bits = (text: string) => {
      const [address = '', length = ''] = text.split('/')
      const all = address.split('.').map((octet) => Number(octet).toString(2).padStart(8, '0'))
      return all.join('').slice(0, Number(length))
    }
    let expected = 0
    for (const [index, one] of lines.entries())
      for (const other of lines.slice(index + 1))
        if (bits(one).startsWith(bits(other)) || bits(other).startsWith(bits(one))) expected++
    expect(expected).toBeGreaterThan(100)
    const rows = natplan(['overlaps', 'a.txt', '--output', 'csv'], { cwd: folder }).stdout.trim().split('\n')
    expect(rows).toHaveLength(expected + 1)
    const json = JSON.parse(natplan(['overlaps', 'a.txt', '--output', 'json'], { cwd: folder }).stdout)
    expect(json).toMatchObject({ pairsListed: expected })
    expect(json.pairs).toHaveLength(expected)
  })

  it('takes a plan file by its content, also from a pipe', () => {
    const input = readFileSync(acceptance, 'utf8')
    const expected = natplan(['overlaps', acceptance]).stdout
    expect(expected).toContain('across a tunnel')
    expect(natplan(['overlaps', '-'], { input }).stdout).toBe(expected)
    const folder = temporaryFolder({ plan: input })
    expect(natplan(['overlaps', 'plan'], { cwd: folder }).stdout).toBe(expected)
  })
})

describe('natplan free', () => {
  it.each([
    ['largest', ['--in', '10.0.0.0/13', 'office.csv', 'list.txt']],
    [
      'blocks',
      [
        '--in',
        '10.1.0.0/21',
        '--in',
        '10.2.0.0/22',
        'office.csv',
        'german.csv',
        '--column',
        'network',
        '--column',
        'netz,maske',
        '--length',
        '24',
        '--count',
        '7',
      ],
    ],
    ['too-few', ['--in', '10.2.0.0/22', '10.2.0.0/23', '--length', '24', '--count', '3']],
    ['plan', ['-f', acceptance, '--length', '24', '--count', '3']],
  ])('prints %s as recorded', (name, args) => {
    const formats = [...rowFormats, 'yaml', 'markdown']
    expectGolden(join(root, 'test', 'golden', 'free', name), results(['free', ...args], formats))
  })

  it('keeps to the documented schema', () => {
    const validate = validator('free-output.schema.json')
    for (const args of [
      ['--in', '10.0.0.0/8', 'office.csv'],
      ['-f', acceptance, '--length', '24'],
      ['--in', '10.0.0.0/24', '10.0.0.0/8'],
    ]) {
      const json: unknown = JSON.parse(natplan(['free', ...args, '--output', 'json'], { cwd: files }).stdout)
      expect(validate(json), JSON.stringify(validate.errors)).toBe(true)
      expect(parse(natplan(['free', ...args, '--output', 'yaml'], { cwd: files }).stdout)).toEqual(json)
    }
  })

  it('never offers what touches anything in use, host bits or not', () => {
    const { stdout } = natplan(['free', '--in', '10.1.2.0/23', 'office.csv', '--length', '24', '--output', 'csv'], {
      cwd: files,
    })
    expect(stdout).toBe('block\n')
    const used = '10.9.0.77\n10.9.1.5/25\n'
    const free = natplan(['free', '--in', '10.9.0.0/23', '-', '--length', '25', '--output', 'csv'], { input: used })
    expect(free.stdout).toBe('block\n10.9.0.128/25\n10.9.1.128/25\n')
  })

  it('offers what the plan would take next, and not what its lock sets aside', () => {
    const folder = temporaryFolder()
    cpSync(acceptance, join(folder, 'natplan.yaml'))
    natplan(['plan', '--save'], { cwd: folder })
    const free = natplan(['free', '--length', '24', '--count', '2', '--output', 'csv'], { cwd: folder })
    expect(free.stdout).toBe('block\n192.168.0.0/24\n192.168.3.0/24\n')
    const later = 'version: 1\npools: [192.168.0.0/16]\nsites:\n  cloud: { subnets: [10.7.0.0/24] }\n'
    const after = natplan(
      ['free', '-f', '-', '--lock', 'natplan.lock.yaml', '--length', '24', '--count', '2', '--output', 'csv'],
      {
        cwd: folder,
        input: later,
      },
    )
    expect(after.stdout).toBe('block\n192.168.0.0/24\n192.168.3.0/24\n')
  })

  it.each([
    ['no pool', ['office.csv'], 2, 'USAGE no pool is named'],
    ['a pool that is no prefix', ['--in', '10.0.0.1/8', 'office.csv'], 1, 'PREFIX_HOST_BITS'],
    ['a length of 33', ['--in', '10.0.0.0/8', 'office.csv', '--length', '33'], 2, 'USAGE --length'],
    ['a count without a length', ['--in', '10.0.0.0/8', 'office.csv', '--count', '3'], 2, 'USAGE --count'],
    ['a plan file as a file of prefixes', ['--in', '10.0.0.0/8', acceptance], 2, 'natplan free -f PLAN'],
    ['bad lines that must not be', ['--in', '10.0.0.0/8', 'office.csv', '--strict'], 1, 'error LINES_BAD'],
  ])('refuses %s', (_, args, status, message) => {
    const outcome = natplan(['free', ...args], { cwd: files })
    expect(outcome).toMatchObject({ status, stdout: '' })
    expect(outcome.stderr).toContain(message)
  })
})
