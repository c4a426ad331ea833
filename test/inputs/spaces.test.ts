import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { natplan, root } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const netbox = `ID,Prefix,Status,VRF,Tenant
1,10.0.0.0/16,Active,blue (65000:1),acme
2,10.0.1.0/24,Active,red,acme
3,10.0.2.0/24,Active,blue,beta
4,10.0.3.0/24,Active,Global,beta
5,10.0.0.0/8,Active,,acme
`
const api = `{"count":3,"results":[
{"id":1,"prefix":"10.0.2.0/25","vrf":{"id":7,"name":"blue","rd":"65000:1"}},
{"id":2,"prefix":"10.0.2.0/25","vrf":null},
{"id":3,"prefix":"10.0.1.128/25","vrf":{"id":8,"name":"red"}}]}
`
const infoblox = `header-network,address*,netmask*,comment,network_view
network,10.0.2.0,255.255.255.128,x,blue
network,10.0.2.0,255.255.255.128,x,default
`
const routes = `core#show ip route
      10.0.0.0/8 is variably subnetted, 2 subnets, 2 masks
C        10.0.3.0/24 is directly connected, GigabitEthernet0/1
core#show ip route vrf blue
Routing Table: blue
C        10.0.2.0/24 is directly connected, GigabitEthernet0/2
`

function folder(): { readonly path: string } {
  const path = temporaryFolder({ 'netbox.csv': netbox, 'api.json': api, 'ib.csv': infoblox, 'routes.txt': routes })
  return { path }
}

/** Pairs as `line relation line space`. */
function pairsOf(args: readonly string[], cwd: string): string[] {
  const { stdout } = natplan(['overlaps', ...args, '--output', 'csv'], { cwd })
  const rows = stdout.trim().split('\n').slice(1)
  return rows.map((row) => row.split(',')).map((cells) => [cells[2], cells[3], ...cells.slice(6)].join(' ').trim())
}

describe('overlaps --by', () => {
  it('compares what is in the same VRF, whatever form says it', () => {
    const { path } = folder()
    expect(pairsOf(['netbox.csv', '--by', 'vrf'], path)).toEqual(['6 contains 5', '2 contains 4 blue'])
    expect(pairsOf(['netbox.csv', 'api.json', '--by', 'vrf'], path)).toEqual([
      '6 contains 3',
      '4 contains 2 blue',
      '2 contains 2 blue',
      '3 contains 4 red',
    ])
    expect(pairsOf(['api.json', 'ib.csv', '--by', 'vrf'], path)).toEqual(['3 equal 3', '2 equal 2 blue'])
  })

  it('reads router output as text and tables beside it as tables', () => {
    const { path } = folder()
    expect(pairsOf(['netbox.csv', 'routes.txt', '--extract', '--by', 'vrf'], path)).toEqual([
      '5 equal 3',
      '6 contains 3',
      '4 equal 6 blue',
      '2 contains 6 blue',
      '2 contains 3 blue',
    ])
  })

  it.each([
    ['braces', 'interfaces {\n  ethernet eth1 {\n    address 10.0.2.1/24\n    vrf blue\n  }\n}\n'],
    ['set', "set interfaces ethernet eth1 address '10.0.2.1/24'\nset interfaces ethernet eth1 vrf 'blue'\n"],
    ['a session that went on', 'r#show ip route vrf red\nr#show interfaces\neth3  10.0.2.1/24 u/u\n'],
    ['a route of VRP', 'ip route-static vpn-instance blue 10.0.2.0 255.255.255.0 10.0.1.2\n'],
    ['a list', '10.0.2.0/24\n'],
  ])('lets what is not surely in one VRF collide in each, and use space in each: %s', (_, text) => {
    const path = temporaryFolder({ 'netbox.csv': netbox, 'text.txt': text })
    const rows = pairsOf(['netbox.csv', 'text.txt', '--extract', '--by', 'vrf'], path)
    expect(rows.map((row) => row.replace(/(contains|equal) \d/, '$1'))).toEqual([
      '6 contains',
      '4 equal blue',
      '2 contains blue',
    ])
    const files = ['netbox.csv', 'text.txt', '--extract', '--by', 'vrf=red', '--length', '24', '--output', 'csv']
    const free = natplan(['free', '--in', '10.0.0.0/22', ...files], { cwd: path })
    expect(free.stdout).toBe('block\n10.0.0.0/24\n10.0.3.0/24\n')
  })

  it('uses no space for what a table of routes says of another VRF', () => {
    const text = 'r#show ip route vrf blue\nVRF blue:\nC>* 10.0.2.0/24 is directly connected, eth1\n'
    const path = temporaryFolder({ 'netbox.csv': netbox, 'text.txt': text })
    expect(pairsOf(['netbox.csv', 'text.txt', '--extract', '--by', 'vrf'], path)).toEqual([
      '4 equal 3 blue',
      '2 contains 3 blue',
    ])
  })

  it('believes names, not numbers, of a VRF that is an object, and of several columns the one that is filled', () => {
    const records = [
      '{"prefix":"10.0.0.0/24","vrf":{"id":2,"display":"red"}}',
      '{"prefix":"10.0.0.0/25","vrf":{"name":"red","rd":"65000:2"}}',
      '{"prefix":"10.0.0.0/26","vrf":{"name":"blue"}}',
      '{"prefix":"10.0.0.0/27","vrf":{"rd":"65000:1"}}',
      '{"prefix":"10.0.0.0/28","vrf":null}',
    ]
    const text = `{"results":[\n${records.join(',\n')}]}\n`
    const table = 'Prefix,VRF Name,VRF\n10.0.0.0/24,blue,\n10.0.0.0/24,red,\n10.0.0.0/25,blue,\n'
    const both = 'Prefix,VRF Name,VRF\n10.0.0.0/24,blue,\n10.0.0.0/25,,red\n10.0.0.0/26,,\n'
    const path = temporaryFolder({ 'api.json': text, 'two.csv': table, 'both.csv': both })
    expect(pairsOf(['api.json', '--by', 'vrf'], path)).toEqual([
      '5 contains 6',
      '4 contains 5 blue',
      '2 contains 3 red',
      '3 contains 5 red',
      '2 contains 5 red',
    ])
    expect(pairsOf(['two.csv', '--by', 'vrf'], path)).toEqual(['2 contains 4 blue'])
    expect(pairsOf(['both.csv', '--by', 'vrf'], path)).toEqual(['2 contains 4', '2 contains 3 red'])
  })

  it('keeps apart by any column or key, and looks at one space alone', () => {
    const { path } = folder()
    expect(pairsOf(['netbox.csv', '--by', 'tenant'], path)).toEqual([
      '6 contains 2 acme',
      '2 contains 3 acme',
      '6 contains 3 acme',
    ])
    expect(pairsOf(['netbox.csv', '--by', 'vrf=blue'], path)).toEqual(['2 contains 4 blue'])
    expect(pairsOf(['netbox.csv', '--by', 'vrf='], path)).toEqual(['6 contains 5'])
  })

  it('says the space in every output', () => {
    const { path } = folder()
    const run = (...more: string[]) => natplan(['overlaps', 'netbox.csv', '--by', 'vrf', ...more], { cwd: path })
    expect(run().stdout).toMatch(/\(global\) +10\.0\.0\.0\/8 [^\n]*\n +blue +10\.0\.0\.0\/16 /)
    expect(run('--summary', '--output', 'csv').stdout).toBe(
      'file,other_file,equal,contains,inside,vrf\nnetbox.csv,netbox.csv,0,1,0,\nnetbox.csv,netbox.csv,0,1,0,blue\n',
    )
    expect(run('--flagged', '--output', 'csv').stdout).toContain('10.0.2.0/24,netbox.csv,4,blue\n')
    const validate = new Ajv2020().compile(
      JSON.parse(readFileSync(join(root, 'schema', 'overlaps-of-files-output.schema.json'), 'utf8')) as object,
    )
    const document = JSON.parse(run('--output', 'json').stdout)
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true)
    expect(document.by).toBe('vrf')
    expect(document.pairs.map(({ space }: { space?: string }) => space)).toEqual([undefined, 'blue'])
    expect(run('--output', 'ndjson').stdout).toContain('{"kind":"pair","space":"blue","left":')
  })

  it('takes no misspelt word for a space without overlaps', () => {
    const { path } = folder()
    const refused = (...args: string[]) => {
      const { stderr, status } = natplan(['overlaps', 'netbox.csv', ...args], { cwd: path })
      expect(status).toBe(2)
      return stderr
    }
    expect(refused('--by', 'tenent')).toContain('no input has such a column or key')
    expect(refused('--by', 'vrf=bleu')).toContain('did you mean blue?')
    const list = natplan(['overlaps', '-', '--by', 'vrf'], { input: '10.0.0.0/8\n10.0.0.0/9\n' })
    expect(list.stderr).toContain('no input has such a column or key')
  })

  it('takes no network whose space is said too late', () => {
    const text = '{"prefixes":["10.0.0.0/24","10.0.1.0/24"],"vrf":"blue"}'
    const { stderr, stdout } = natplan(['overlaps', '-', '--by', 'vrf', '--within'], { input: text })
    expect(stderr + stdout).toContain('stands behind them')
    const before = natplan(['overlaps', '-', '--by', 'vrf'], {
      input: '{"vrf":"blue","prefixes":["10.0.0.0/24","10.0.0.0/25"]}',
    })
    expect(before.stdout).toMatch(/blue +10\.0\.0\.0\/24/)
    expect(before.stderr).toBe('')
  })
})

describe('free --by', () => {
  it('looks in one space, which must be named', () => {
    const { path } = folder()
    const free = (...args: string[]) => natplan(['free', '--in', '10.0.0.0/14', 'netbox.csv', ...args], { cwd: path })
    expect(free('--by', 'vrf').stderr).toContain('hint: --by vrf=blue, vrf=red, or --by vrf= for what names none')
    const blue = free('--by', 'vrf=blue')
    expect(blue.stdout).toContain('Pools (vrf blue)')
    expect(blue.stdout).toContain('3 prefixes of another vrf left out')
    expect(free('--by', 'vrf=red', '--length', '16', '--output', 'csv').stdout).toBe(
      'block\n10.1.0.0/16\n10.2.0.0/16\n10.3.0.0/16\n',
    )
    expect(JSON.parse(free('--by', 'vrf=blue', '--output', 'json').stdout)).toMatchObject({ by: 'vrf', space: 'blue' })
    expect(free('--by', 'vrf=bleu').stderr).toContain('did you mean blue?')
  })

  it('counts what says no space in each: what looks free by mistake costs a collision', () => {
    const { path } = folder()
    const { stdout } = natplan(['free', '--in', '10.0.0.0/14', '10.1.0.0/16', 'netbox.csv', '--by', 'vrf=blue'], {
      cwd: path,
    })
    expect(stdout).toMatch(/command line +1 +arguments +vrf not known: all of it counts in each/)
    expect(stdout).toContain('10.2.0.0/15')
    expect(stdout).not.toMatch(/^ +10\.1\.0\.0\/16/m)
  })
})

describe('free of IPv6', () => {
  const used = 'fd00::/64\nfd00:0:0:1::/64\n10.0.0.0/8\n'
  const free = (...args: string[]) => natplan(['free', '--in', 'fd00::/56', '-', ...args], { input: used })

  it('lists blocks, and counts in numbers that people and programs can read', () => {
    expect(free('--length', '64', '--count', '2', '--output', 'csv').stdout).toBe(
      'block\nfd00:0:0:2::/64\nfd00:0:0:3::/64\n',
    )
    expect(free().stdout).toMatch(/fd00::\/56 +2\^65 +about 2\^71\.99 +0\.8 % +fd00:0:0:80::\/57/)
    const document = JSON.parse(free('--output', 'json').stdout)
    const [pool] = document.pools
    expect([pool.used, pool.free]).toEqual([String(2n ** 65n), String(2n ** 72n - 2n ** 65n)])
    const schema = JSON.parse(readFileSync(join(root, 'schema', 'free-output.schema.json'), 'utf8')) as object
    expect(new Ajv2020().compile(schema)(document)).toBe(true)
    const small = natplan(['free', '--in', 'fd00::/124', '-', '--output', 'json'], { input: 'fd00::1\n' })
    expect(JSON.parse(small.stdout).pools[0]).toMatchObject({ used: 1, free: 15 })
  })

  it('has lengths up to 128, and IPv4 up to 32', () => {
    expect(free('--length', '129').stderr).toContain('from 0 to 128')
    expect(natplan(['free', '--in', '10.0.0.0/8', '--length', '33']).stderr).toContain('from 0 to 32')
  })
})
