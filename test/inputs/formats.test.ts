import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { natplan, root } from '../support/command.ts'
import { expectGolden } from '../support/golden.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const files = join(root, 'test', 'inputs', 'files')

/** How a file is read where its content alone does not say so. */
const options: Readonly<Record<string, readonly string[]>> = {
  'cisco-running.txt': ['--extract'],
  'german.csv': ['--column', 'netz,maske'],
  'ifconfig.txt': ['--extract'],
  'ip-route.txt': ['--extract'],
  'junos.txt': ['--extract'],
  'route-n.txt': ['--extract'],
  'show-ip-route.txt': ['--extract'],
  'two-columns.csv': ['--column', 'destination'],
}

/** All prefixes that are read from an input, in order of address, with their lines. */
function prefixesOf(args: readonly string[], input?: string | Buffer): string[] {
  const everything = ['0.0.0.0/0', '::/0', '--between', '--output', 'csv']
  const { stdout } = natplan(['overlaps', ...args, ...everything], { cwd: files, ...(input ? { input } : {}) })
  const rows = stdout.trim().split('\n').slice(1)
  return rows.map((row) => row.split(',').slice(4).join(' '))
}

describe('inputs', () => {
  it.each(readdirSync(files))('%s is read as recorded', (name) => {
    const args = [name, ...(options[name] ?? [])]
    const { stdout, stderr, status } = natplan(['overlaps', ...args], { cwd: files })
    expectGolden(join(root, 'test', 'golden', 'inputs', name), {
      'prefixes.txt': `${prefixesOf(args).join('\n')}\n`,
      'stdout.txt': stdout,
      'stderr.txt': `${stderr}exit status ${status}\n`,
    })
  })

  it('are recognised on standard input, also when compressed, with byte order marks and as UTF-16', () => {
    const text = 'name,prefix\r\nä,10.0.0.0/24\r\n"b ""x""\r\n",10.0.1.0/24\r\n'
    const expected = ['10.0.0.0/24 standard input 2', '10.0.1.0/24 standard input 3']
    const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le')
    for (const input of [
      text,
      `\ufeff${text}`,
      utf16,
      Buffer.from(utf16).swap16(),
      gzipSync(text),
      gzipSync(utf16),
      Buffer.concat([gzipSync(text.slice(0, 20)), gzipSync(text.slice(20))]),
    ]) {
      expect(prefixesOf(['-'], input)).toEqual(expected)
    }
  })

  it('that are UTF-16 without a mark, or gzip that ends in the middle, are refused', () => {
    const unmarked = natplan(['overlaps', '-'], { input: Buffer.from('10.0.0.0/24\n10.0.1.0/24\n', 'utf16le') })
    expect(unmarked).toMatchObject({ status: 2, stdout: '' })
    expect(unmarked.stderr).toContain('FILE_FORMAT standard input looks like UTF-16 without a byte order mark')
    const cut = natplan(['overlaps', '-'], { input: gzipSync('10.0.0.0/24\n'.repeat(1000)).subarray(0, 30) })
    expect(cut).toMatchObject({ status: 2, stdout: '' })
    expect(cut.stderr).toContain('it ends in the middle')
  })

  it('read the same however they are cut into pieces', () => {
    const row = 'x,"a ""b""\nc",10.0.0.0/24,"10.0.1.0/24\n"\n'
    const rows = 20_000
    const input = `a,b,c,d\n${row.repeat(rows)}`
    for (const [column, prefix] of [
      ['c', '10.0.0.0/24'],
      ['4', '10.0.1.0/24'],
    ] as const) {
      const { stdout } = natplan(['overlaps', '-', prefix, '--column', column, '--output', 'json', '--summary'], {
        input,
      })
      expect(JSON.parse(stdout)).toMatchObject({ counts: [{ equal: rows, contains: 0, inside: 0 }] })
    }
  })

  it('take host bits as asked: refused, or the network is taken', () => {
    const input = '10.0.1.5/24\n10.0.2.0/24\n'
    const refused = natplan(['overlaps', '-', '--output', 'json'], { input })
    expect(JSON.parse(refused.stdout)).toMatchObject({
      badLines: [{ file: 'standard input', line: 1, text: '10.0.1.5/24' }],
      inputs: [{ prefixes: 1, badLines: 1, masked: 0 }],
    })
    expect(prefixesOf(['-', '--host-bits', 'mask'], input)).toEqual([
      '10.0.1.0/24 standard input 1',
      '10.0.2.0/24 standard input 2',
    ])
  })

  it('read JSON at the paths that are named', () => {
    const networks = (path: string) =>
      prefixesOf(['netbox-prefixes.json', '--path', path]).map((row) => row.split(' ')[0])
    expect(networks('.results[].prefix')).toEqual(['10.60.0.0/22', '10.60.1.0/24'])
    expect(networks('.results[].*')).toEqual(['10.60.0.0/22', '10.60.0.0/22', '10.60.1.0/24', '10.60.1.0/24'])
    const wrong = natplan(['overlaps', 'netbox-prefixes.json', '--path', 'results'], { cwd: files })
    expect(wrong).toMatchObject({ status: 2, stdout: '' })
    expect(wrong.stderr).toContain('--path results is not a path')
    const absent = natplan(['overlaps', 'netbox-prefixes.json', '--path', '.nothing[]'], { cwd: files })
    expect(absent).toMatchObject({ status: 1, stdout: '' })
    expect(absent.stderr).toContain('error PREFIXES_NONE')
  })

  it('take separators inside comments for none', () => {
    const input = '10.0.0.0/24 # a, b\n10.0.1.0/24 # c, d\n'
    expect(prefixesOf(['-'], input)).toEqual(['10.0.0.0/24 standard input 1', '10.0.1.0/24 standard input 2'])
  })

  it('of JSON take several prefixes in a text, and name what is none', () => {
    const texts = ['10.0.0.0/24,10.0.1.0/24', ' 10.0.2.0/24 ', '10.0.3/24', '10.0.4.1-10.0.4.9', '10.0.5.0 - 10.0.5.9']
    const input = JSON.stringify(
      [...texts, 'subnet-0123/4', '2024-01-01', 'ab:cd:ef'].map((cidr) => ({ cidr, text: '1.2/3' })),
    )
    const { stdout } = natplan(['overlaps', '-', '--output', 'json'], { input })
    const { inputs, badLines } = JSON.parse(stdout) as { inputs: unknown; badLines: readonly { text: string }[] }
    expect(badLines.map(({ text }) => text)).toEqual(['10.0.3/24'])
    // 10.0.4.1/32, .2/31, .4/30, .8/31; 10.0.5.0/29, .8/31
    expect(inputs).toMatchObject([{ prefixes: 3 + 4 + 2 }])
  })

  it('of any text name what looks like a prefix and is none', () => {
    const wrong = ['fd00::/129', '10.0.0.0/255.0.255.0', '10.0.0.0/24-10.0.3.0/24', 'net_10.0.4.0/24', '10.0.0.0/33']
    const fine = ['10.0.5.0/24,', 'https://10.0.0.1/2024', '10.0.0.1/eth0', 'cidr:10.0.6.0/24']
    const input = [...wrong, ...fine].join('\n')
    const { stdout } = natplan(['overlaps', '-', '--extract', '--output', 'json'], { input })
    const { inputs, badLines } = JSON.parse(stdout) as { inputs: unknown; badLines: readonly { text: string }[] }
    expect(badLines.map(({ text }) => text)).toEqual(wrong)
    expect(inputs).toMatchObject([{ prefixes: 2 }])
  })

  it('that look like plans are read as they are said to be', () => {
    const folder = temporaryFolder({
      'values.yaml': 'sites:\n  a: { cidr: 10.0.0.0/24 }\n  b: { cidr: 10.0.0.0/25 }\n',
    })
    for (const others of [[], ['10.0.0.0/8']]) {
      const { stdout, status } = natplan(['overlaps', 'values.yaml', ...others, '--extract', '--output', 'csv'], {
        cwd: folder,
      })
      expect(status).toBe(0)
      expect(stdout).toContain('10.0.0.0/24,values.yaml,2')
    }
  })

  it.each([
    ['a list of texts', '["10.0.0.0/24","10.0.0.0/24"]', 2],
    ['a list under a key', '{"networks":["10.0.0.0/24","10.0.0.0/24"]}', 2],
    ['objects by name', '{"a":{"cidr":"10.0.0.0/24"},"b":{"cidr":"10.0.0.0/24"}}', 2],
    ['objects in a list', '[{"cidr":"10.0.0.0/24"},{"cidr":"10.0.0.0/24"}]', 2],
    ['a text and a list of one object', '{"addressPrefix":"10.0.0.0/24","addressPrefixes":["10.0.0.0/24"]}', 1],
    ['an object and one before it inside', '{"blocks":[{"cidr":"10.0.0.0/24"}],"cidr":"10.0.0.0/24"}', 1],
    ['an object and one behind it inside', '{"cidr":"10.0.0.0/24","blocks":[{"cidr":"10.0.0.0/24"}]}', 1],
    ['two objects inside one', '{"cidr":"10.0.0.0/24","blocks":[{"cidr":"10.0.0.0/24"},{"cidr":"10.0.0.0/24"}]}', 2],
  ])('count a prefix that JSON mentions again: %s', (_, input, expected) => {
    expect(prefixesOf(['-'], input)).toHaveLength(expected)
  })

  it('take names of columns in any case, numbers, and the first of several names that is there', () => {
    const folder = temporaryFolder({ 'a.csv': 'Net,x\n10.0.0.0/24,1\n', 'b.csv': 'x,CIDR\n1,10.0.0.0/25\n' })
    const both = natplan(['overlaps', 'a.csv', 'b.csv', '--column', 'net', '--column', 'cidr', '--output', 'csv'], {
      cwd: folder,
    })
    expect(both.stdout).toContain('10.0.0.0/24,a.csv,2,contains,10.0.0.0/25,b.csv,2\n')
    expect(natplan(['overlaps', 'b.csv', '--column', '2'], { cwd: folder }).status).toBe(0)
    const wrong = natplan(['overlaps', 'b.csv', '--column', 'cdir'], { cwd: folder })
    expect(wrong).toMatchObject({ status: 2, stdout: '' })
    expect(wrong.stderr).toContain('hint: did you mean CIDR?')
  })

  it.each([
    ['routes', 'default via 192.0.2.1 dev eth0\n10.0.0.0/8 via 10.0.1.1 dev eth1\n', '--extract'],
    ['a table of routes', 'route,gateway\nnet 10.0.0.0/8,via 10.0.0.1\n', '--extract'],
  ])('that are no table of prefixes are read with the option that the hint names: %s', (_, text, option) => {
    const cwd = temporaryFolder({ 'file.txt': text })
    const { status, stderr } = natplan(['overlaps', 'file.txt'], { cwd })
    expect([status, stderr.split('\n')[1]]).toEqual([2, expect.stringContaining(option)])
    expect(natplan(['overlaps', 'file.txt', option], { cwd }).stdout).toMatch(/file\.txt +1 /)
  })

  it('that are tables without any address are not said to be any text', () => {
    const cwd = temporaryFolder({ 'file.csv': 'name,count\nx,1\n' })
    expect(natplan(['overlaps', 'file.csv'], { cwd }).stderr).not.toContain('--extract')
  })

  it('refuse options that nothing has a use for', () => {
    for (const args of [
      ['list.txt', '--column', 'prefix'],
      ['list.txt', '--path', '.a'],
    ]) {
      expect(natplan(['overlaps', ...args], { cwd: files })).toMatchObject({ status: 2, stdout: '' })
    }
  })
})
