import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { natplan } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const top = (include: string) => `version: 1
include: ${include}
defaults:
  gateway: { platform: vyos-1.4, outside: { interface: eth0 }, inside: { interface: eth1 } }
  tunnel: { preSharedKey: { file: "keys/{site}-{peer}.psk" } }
`
const hub = 'sites:\n  hub: { subnets: [10.9.0.0/24], gateway: { outside: { address: 203.0.113.1 } } }\n'
const entry = '[{ table: b.csv, columns: { site: Branch, subnets: LAN, outside: WAN }, hub: hub }]'
const rows = 'Branch,LAN,WAN\na,10.0.1.0/24,203.0.113.2\nb,10.0.1.0/24,203.0.113.3\n'

function run(files: Record<string, string | Buffer>, args: readonly string[] = ['plan', '--output', 'json']) {
  const cwd = temporaryFolder(files)
  const outcome = natplan(args, { cwd })
  const told = [...outcome.stderr.matchAll(/^(\S.*? (?:error|risk|note) [A-Z0-9_]+) (.*)$/gm)]
  return { ...outcome, cwd, told: told.map(([, what = '']) => what), words: told.map(([line]) => line) }
}

describe('a table in a plan', () => {
  it('is the same as its sites and tunnels in YAML', () => {
    const table = `Branches of May;;;;;;;
Branch;LAN;Mask;Guests;WAN;Router;WAN port;LAN port;IKE ID;To;What;State
Köln Süd;10.0.1.0;24;192.168.5.0/24;203.0.113.2/29;VyOS 1.5.1;eth7;eth8;k.example.net;hub;Büro;
Köln Süd;"10.0.2.0/24, 10.0.3.0-10.0.3.255";;;;;;;;Bonn;;
Bonn;10.0.1.0;255.255.255.0;;bonn.example.net;;;;;"hub, köln süd";;active
gone;10.0.1.0;24;;;;;;;hub;;deleted
`
    const columns = `{ site: Branch, subnets: LAN, mask: Mask, reserved: Guests, outside: WAN, platform: Router, interface: WAN port, inside: LAN port, identity: IKE ID, peer: To, name: What, status: State }`
    const inYaml = `  Koeln-Sued:
    subnets: [{ prefix: 10.0.1.0/24, name: Buero }, 10.0.2.0/24, 10.0.3.0/24]
    reserved: [192.168.5.0/24]
    gateway: { platform: vyos-1.5, outside: { interface: eth7, address: 203.0.113.2 }, inside: { interface: eth8 }, identity: k.example.net }
  Bonn: { subnets: [10.0.1.0/24], gateway: { outside: { address: { host: bonn.example.net } } } }
tunnels:
  - sites: [Koeln-Sued, hub]
  - sites: [Koeln-Sued, Bonn]
  - sites: [Bonn, hub]
`
    const one = run({ 'natplan.yaml': `${top('[]')}${hub}${inYaml}` }, ['vyatta'])
    const several = run(
      { 'natplan.yaml': `${top(`[{ table: t/b.tsv, columns: ${columns} }]`)}${hub}`, 't/b.tsv': table },
      ['vyatta'],
    )
    expect(several.told.filter((text) => text.includes('error'))).toEqual([])
    expect(several.stdout).toContain('Koeln-Sued')
    expect(several.stdout).toBe(one.stdout)
  })

  it('has each problem at its cell', () => {
    const table = `Branch,LAN,Guests,WAN,Router,To
a, 10.0.1.5/24 ,,203.0.113.2,BeOS,hub
b,"10.0.1.0/24
10.0.2.0/33",10.3.0.0,203.0.113.999,,x
,10.0.3.0/24,,,,
c,10.0.4.0/24,,203.0.113.4,,
c,10.0.5.0/24,,203.0.113.5,,
C,10.0.6.0/24,,,,
C,10.0.7.0/24,,,,
hub,10.0.8.0/24,,,,
d,ten,,eth0,edgeos,
`
    const columns = '{ site: Branch, subnets: LAN, reserved: Guests, outside: WAN, platform: Router, peer: To }'
    const plan = `${top(`[{ table: b.csv, columns: ${columns} }]`)}${hub}`
    const { told, status, stderr } = run({ 'natplan.yaml': plan, 'b.csv': table })
    expect(told.sort()).toEqual(
      [
        'b.csv:2:4 error PREFIX_HOST_BITS',
        'b.csv:2:30 error VALUE_WRONG',
        'b.csv:3:3 error PREFIX_LENGTH_INVALID',
        'b.csv:4:14 error PREFIX_LENGTH_MISSING',
        'b.csv:4:23 error ADDRESS_INVALID',
        'b.csv:4:38 error SITE_UNKNOWN',
        'b.csv:5:2 error KEY_MISSING',
        'b.csv:7:16 error VALUE_WRONG',
        'b.csv:8:1 error SITE_DUPLICATE',
        'b.csv:10:1 error SITE_DUPLICATE',
        'b.csv:11:3 error PREFIX_INVALID',
        'b.csv:11:8 error ADDRESS_INVALID',
      ].sort(),
    )
    expect(stderr).toContain('the site "hub" is in natplan.yaml and in b.csv')
    expect(stderr).toContain('  b.csv:6:16 it has "203.0.113.4" here')
    expect(status).toBe(1)
  })

  it('has the interface that is missing at the row', () => {
    const plan = `version: 1\ninclude: ${entry}\n${hub.replace('address:', 'interface: eth0, address:').replace(' } } }', ' }, platform: generic } }')}`
    expect(run({ 'natplan.yaml': plan, 'b.csv': rows }).words).toEqual([
      expect.stringMatching(/^b\.csv:2:15 error KEY_MISSING sites\.a\.gateway\.outside: /),
      expect.stringMatching(/^b\.csv:3:15 error KEY_MISSING sites\.b\.gateway\.outside: /),
    ])
  })

  it('is read by what its columns look like where the plan does not say it, and tells so', () => {
    const { words, status, stderr } = run({
      'natplan.yaml': `${top('[{ table: "*.csv", hub: hub }]')}${hub}`,
      'b.csv': rows,
    })
    expect(words).toEqual([
      'b.csv:1:1 note TABLE_GUESSED the columns were guessed from their names: site=Branch, subnets=LAN, outside=WAN',
    ])
    expect(stderr).toContain('{ table: …, columns: { site: Branch, subnets: LAN, outside: WAN } }')
    expect(status).toBe(0)
  })

  it.each<[string, Record<string, string | Buffer>, string]>([
    ['[{ table: none.csv }]', {}, 'natplan.yaml:2:20 error FILE_NOT_FOUND'],
    ['[{ table: ../b.csv }]', {}, 'natplan.yaml:2:20 error INCLUDE_UNFIT'],
    ['[{ table: /etc/hosts }]', {}, 'natplan.yaml:2:20 error INCLUDE_UNFIT'],
    ['[{ table: natplan.yaml }]', {}, 'natplan.yaml:2:20 error INCLUDE_UNFIT'],
    ['[link.csv]', {}, 'natplan.yaml:2:11 error FILE_IS_LINK'],
    [
      '[{ table: b.csv, columns: { stie: Branch }, hub: hub }]',
      { 'b.csv': rows },
      'natplan.yaml:2:38 error KEY_UNKNOWN',
    ],
    ['[{ table: b.csv, columns: { site: [] , subnets: 2 } }]', {}, 'natplan.yaml:2:58 error VALUE_WRONG'],
    ['[{ columns: { site: Branch } }]', {}, 'natplan.yaml:2:11 error KEY_MISSING'],
    ['[{ table: b.csv, columns: { site: Branch } }]', { 'b.csv': rows }, 'b.csv:1:1 error COLUMN_UNCLEAR'],
    [
      '[{ table: b.csv, columns: { site: Brnch, subnets: LAN } }]',
      { 'b.csv': `a;\n${rows}` },
      'b.csv:2:1 error COLUMN_UNCLEAR',
    ],
    ['[b.csv]', { 'b.csv': 'LAN,WAN\n10.0.0.0/24,192.0.2.1\n' }, 'b.csv:1:1 error COLUMN_UNCLEAR'],
    ['[b.csv]', { 'b.csv': 'Branch,LAN\na,10.0.0.0/24\n"b,10.0.1.0/24\n' }, 'b.csv:3:1 error INCLUDE_UNFIT'],
    ['[b.csv]', { 'b.csv': '\n' }, 'natplan.yaml:2:11 error FILE_EMPTY'],
    ['[b.csv]', { 'b.csv': 'Branch,LAN\n' }, 'b.csv:1:1 error FILE_EMPTY'],
    [entry, { 'b.csv': 'Branch,LAN,WAN\n' }, 'b.csv:1:1 error FILE_EMPTY'],
    [
      '[b.csv]',
      { 'b.csv': 'header-networkcontainer,address*\nnetworkcontainer,10.0.0.0\n' },
      'b.csv:1:1 error FILE_EMPTY',
    ],
    ['[b.csv]', { 'b.csv': 'Site,LAN,,Site,LAN\na,10.0.0.0/24,,c,10.0.2.0/24\n' }, 'b.csv:1:1 error COLUMN_UNCLEAR'],
    [
      '[{ table: b.csv, columns: { site: Site, subnets: LAN } }]',
      { 'b.csv': 'Site,LAN,,Site,LAN\na,10.0.0.0/24,,c,10.0.2.0/24\n' },
      'b.csv:1:1 error COLUMN_UNCLEAR',
    ],
    [
      '[b.csv]',
      {
        'b.csv': Buffer.from([
          ...Buffer.from('Branch,LAN\nKöln,10.0.1.0/24\nB'),
          0xfc,
          ...Buffer.from('hl,10.0.2.0/24\n'),
        ]),
      },
      'natplan.yaml:2:11 error FILE_NOT_UTF8',
    ],
    ['[b.csv]', { 'b.csv': Buffer.from([0x50, 0x4b, 3, 4, 0, 0]) }, 'natplan.yaml:2:11 error FILE_FORMAT'],
    ['[{ table: b.csv, hub: hob }]', { 'b.csv': rows }, 'natplan.yaml:2:32 error SITE_UNKNOWN'],
  ])('refuses %s with %j: %s', (include, files, problem) => {
    const cwd = temporaryFolder({ 'natplan.yaml': `${top(include)}${hub}`, ...files })
    symlinkSync('/etc/hostname', join(cwd, 'link.csv'))
    const { status, stderr } = natplan(['plan'], { cwd })
    const errors = [...stderr.matchAll(/^(\S+ error [A-Z_0-9]+)/gm)].map(([, what]) => what)
    expect(errors).toEqual([problem])
    expect(status).toBe(1)
  })

  it.each([
    ['Windows-1252', Buffer.from('Branch;LAN;WAN\nKöln;10.0.1.0/24;203.0.113.2\n', 'latin1')],
    ['UTF-16', Buffer.from('\ufeffBranch;LAN;WAN\nKöln;10.0.1.0/24;203.0.113.2\n', 'utf16le')],
    ['UTF-8 with a mark', Buffer.from('\ufeffBranch;LAN;WAN\r\nKöln;10.0.1.0/24;203.0.113.2\r\n')],
    ['old lines', Buffer.from('Branch;LAN;WAN\rKöln;10.0.1.0/24;203.0.113.2\r')],
  ])('is read as spreadsheets save it: %s', (_, table) => {
    const { stdout, status } = run({ 'natplan.yaml': `${top(entry)}${hub}`, 'b.csv': table }, [
      'vyatta',
      '--site',
      'Koeln',
    ])
    expect(status).toBe(0)
    expect(stdout).toContain('203.0.113.1')
  })

  it('reads every column of a name that it has twice', () => {
    const columns = '[{ table: b.csv, columns: { site: Branch, subnets: LAN } }]'
    const table = 'Branch,LAN,LAN\na,10.0.1.0/24,10.0.2.0/24\nb,,10.0.3.0/24\n'
    const plan = `version: 1\ninclude: ${columns}\nsites: { hub: { subnets: [10.9.0.0/24] } }\n`
    const { told, cwd } = run({ 'natplan.yaml': plan, 'b.csv': table }, ['plan', '--save'])
    expect(told).toEqual([])
    const lock = readFileSync(join(cwd, 'natplan.lock.yaml'), 'utf8')
    for (const prefix of ['10.0.1.0/24', '10.0.2.0/24', '10.0.3.0/24']) expect(lock).toContain(prefix)
  })

  it('says which rows it leaves out, and of which sites it has no network', () => {
    const columns = '[{ table: b.csv, columns: { site: Branch, subnets: LAN, reserved: R, status: S } }]'
    const plan = `version: 1\ninclude: ${columns}\nsites: { hub: { subnets: [10.9.0.0/24] } }\n`
    const gone = Array.from({ length: 7 }, (_, index) => `gone,10.0.${index}.0/24,,deleted\n`).join('')
    const table = `Branch,LAN,R,S\na,10.0.1.0/24,,active\n${gone}b,,10.7.0.0/24,\n\nTotal,,,\n`
    expect(run({ 'natplan.yaml': plan, 'b.csv': table }).words).toEqual([
      'b.csv:12:1 risk TABLE_SITE_EMPTY sites.Total: the site Total has no network in the table',
      'b.csv:3:1 note TABLE_ROWS_LEFT_OUT 7 rows left out, of networks that are no longer in use or contain others: line 3, 4, 5, 6, 7 and 2 more',
    ])
    const whole = `Branch,LAN,R,S\na,10.0.1.0/24,,active\nb,,10.7.0.0/24,\n`
    expect(run({ 'natplan.yaml': plan, 'b.csv': whole }).words).toEqual([])
  })

  it('has a tunnel to the hub from each site that has none', () => {
    const own = 'tunnels:\n  - { sites: [hub, a], proposal: compatible }\n  - { sites: [a, b] }\n'
    const table = `${rows}hub2,10.7.0.0/24,203.0.113.9\n`
    const { stdout, told } = run({ 'natplan.yaml': `${top(entry)}${hub}${own}`, 'b.csv': table })
    const { sees } = JSON.parse(stdout) as { sees: { site: string; peer: string }[] }
    expect(told).toEqual([])
    const pairs = sees.map(({ site, peer }) => `${site} ${peer}`)
    expect(pairs.sort()).toEqual(['a b', 'a hub', 'b a', 'b hub', 'hub a', 'hub b', 'hub hub2', 'hub2 hub'])
  })

  it('moves nobody when rows are added and sorted', () => {
    const files = { 'natplan.yaml': `${top(entry)}${hub}`, 'b.csv': rows }
    const { cwd } = run(files, ['plan', '--save'])
    const lockOf = () => readFileSync(join(cwd, 'natplan.lock.yaml'), 'utf8')
    const before = lockOf()
    const more =
      'Branch,WAN,Phone,LAN\nb,203.0.113.3,1,10.0.1.0/24\nA-1,203.0.113.7,,10.0.1.0/24\na,203.0.113.2,2,10.0.1.0/24\n'
    writeFileSync(join(cwd, 'b.csv'), more)
    expect(natplan(['plan', '--save'], { cwd }).status).toBe(0)
    const after = lockOf()
    expect(after).not.toBe(before)
    writeFileSync(join(cwd, 'b.csv'), rows)
    const { stdout } = natplan(['plan', '--save'], { cwd })
    expect(stdout).not.toMatch(/^\s+(a|b)\b.*(moved|was)/m)
    for (const site of ['a', 'b']) {
      const part = (lock: string) => new RegExp(`^  ${site}:\\n(?:    .*\\n)+`, 'm').exec(lock)?.[0]
      expect(part(after)).toBe(part(before))
      expect(part(lockOf())).toBe(part(before))
    }
  })

  it('is left alone by fmt and import', () => {
    const more = `Branch,LAN,WAN,Peer
hub,10.9.0.0/24,203.0.113.1,
a,10.0.1.0/24,203.0.113.2,hub
c,10.0.3.0/24,203.0.113.4,hub
`
    const files = { 'natplan.yaml': `${top(entry)}${hub}`, 'b.csv': rows, 'more.csv': more }
    const { cwd, status } = run(files, ['import', 'more.csv', '--into', 'natplan.yaml'])
    expect(status).toBe(0)
    expect(natplan(['fmt'], { cwd }).status).toBe(0)
    expect(readFileSync(join(cwd, 'b.csv'), 'utf8')).toBe(rows)
    const plan = readFileSync(join(cwd, 'natplan.yaml'), 'utf8')
    expect(plan).toMatch(/^ {2}c:/m)
    expect(plan).not.toMatch(/^ {2}[ab]:/m)
    expect(plan.match(/\{ sites: .*/g)).toEqual(['{ sites: [ c, hub ] } ]'])
    expect(natplan(['plan'], { cwd }).status).toBe(0)
  })

  it('with a thousand sites needs a plan of less than thirty lines, and is planned, proven and generated', () => {
    const numbers = Array.from({ length: 1000 }, (_, index) => index)
    const address = (index: number) => `20.1.${index >> 8}.${index & 255}`
    const table = `Branch,LAN,WAN\n${numbers.map((index) => `branch-${index},10.0.${index % 7}.0/24,${address(index)}\n`).join('')}`
    const plan = `${top(entry).replace(/preSharedKey:.*/, 'preSharedKey: { env: NATPLAN_PSK } }')}${hub}`
    expect(plan.split('\n').length).toBeLessThan(30)
    const { cwd, status } = run({ 'natplan.yaml': plan, 'b.csv': table }, ['plan', '--save'])
    expect(status).toBe(0)
    const verified = natplan(['verify'], { cwd })
    expect(verified.stdout).toMatch(/proven/)
    expect(verified.status).toBe(0)
    const generated = natplan(['generate', '-o', 'out'], { cwd, env: { NATPLAN_PSK: 'k'.repeat(40) } })
    expect(generated.status).toBe(0)
    expect(readdirSync(join(cwd, 'out')).filter((name) => name.startsWith('branch-'))).toHaveLength(1000)
  }, 300_000)
})
