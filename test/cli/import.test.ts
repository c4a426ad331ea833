import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandFile, natplan } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** A hub and branches, every third of which has the same networks. */
function branches(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => {
    const lan = index === 0 ? '10.1.0.0/16' : `192.168.${index % 3}.0/24`
    const wan = `198.51.${100 + (index >> 7)}.${(index & 127) + 1}`
    return `Filiale ${index},${lan},${wan},${index === 0 ? '' : 'Filiale 0'}`
  })
  return ['Filiale,LAN,WAN IP,Hub', ...rows, ''].join('\n')
}

describe('natplan import of tables', () => {
  it('makes a plan of a thousand branches, which natplan plan takes', () => {
    const cwd = temporaryFolder({ 'branches.csv': branches(1000) })
    const imported = natplan(['import', 'branches.csv', '-o', 'natplan.yaml'], { cwd })
    expect(imported.stderr).toContain('branches.csv: site=Filiale, subnets=LAN, outside=WAN IP, peer=Hub\n')
    expect(imported.status).toBe(0)
    const planned = natplan(['plan', '--output', 'json'], { cwd })
    expect(planned.status).toBe(0)
    const { sites, mappings } = JSON.parse(planned.stdout)
    expect(mappings).toHaveLength(999)
    expect(JSON.stringify(sites ?? mappings)).toContain('Filiale-999')
  })

  it('reads more files than may be open at a time', () => {
    const names = Array.from({ length: 80 }, (_, index) => `${index}.csv`)
    const cwd = temporaryFolder(
      Object.fromEntries(names.map((name, index) => [name, `site,subnet\nS${index},10.0.${index}.0/24\n`])),
    )
    const command = `ulimit -n 60 && exec "${process.execPath}" "${commandFile}" import ${names.join(' ')}`
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd, encoding: 'utf8' })
    expect([status, stderr.includes('cannot be read')]).toEqual([0, false])
    expect(stdout).toContain('10.0.79.0/24')
  })

  it('writes no file over one that is there, and says so', () => {
    const cwd = temporaryFolder({ 'branches.csv': branches(3), 'natplan.yaml': 'mine\n' })
    const { status, stderr } = natplan(['import', 'branches.csv', '-o', 'natplan.yaml'], { cwd })
    expect(status).toBe(2)
    expect(stderr).toContain('natplan.yaml')
    expect(readFileSync(join(cwd, 'natplan.yaml'), 'utf8')).toBe('mine\n')
  })

  it('says in one line which columns there are where none is that of the site', () => {
    const cwd = temporaryFolder({ 't.csv': 'City;Net\nUlm;10.0.0.0/24\n' })
    const refused = natplan(['import', 't.csv'], { cwd })
    expect(refused).toMatchObject({ status: 2, stdout: '' })
    expect(refused.stderr).toContain('COLUMN_UNCLEAR t.csv:1: no column says of which site a row is')
    expect(refused.stderr).toContain("its columns are City, Net; --columns 'site=COLUMN'")
    const said = natplan(['import', 't.csv', '--columns', 'site=City,subnets=Net'], { cwd })
    expect(said.stdout).toContain('Ulm:\n    subnets: [ 10.0.0.0/24 ]')
  })

  it('reads every column of a name that a table has twice, and says that two tables are side by side', () => {
    const twice = 'Branch;LAN;LAN\nUlm;10.0.0.0/24;10.0.1.0/24\n'
    const beside = 'Site,LAN,,Site,LAN\nA,10.0.1.0/24,,C,10.0.3.0/24\n'
    const cwd = temporaryFolder({ 't.csv': twice, 'u.csv': beside })
    const said = natplan(['import', 't.csv', '--columns', 'site=Branch,subnets=LAN'], { cwd })
    expect(said.stdout).toContain('subnets: [ 10.0.0.0/24, 10.0.1.0/24 ]')
    const refused = natplan(['import', 'u.csv'], { cwd })
    expect(refused).toMatchObject({ status: 2, stdout: '' })
    expect(refused.stderr).toContain('more than one column may be site: Site (column 1), Site (column 4)')
    const read = natplan(['import', 'u.csv', '--columns', 'site=4,subnets=5'], { cwd })
    expect(read.stdout).toContain('C:\n    subnets: [ 10.0.3.0/24 ]')
    expect(natplan(['overlaps', 't.csv', '--column', 'lan'], { cwd }).stderr).toContain(
      't.csv has 2 columns lan: numbers 2, 3',
    )
  })

  it.each([
    ['a mark', Buffer.concat([Buffer.from('\ufeffBranch;LAN\nUlm;10.0.0.0/24\nB'), Buffer.from([0xfc])])],
    ['other letters', Buffer.concat([Buffer.from('Branch;LAN\r\nKöln;10.0.0.0/24\r\nB'), Buffer.from([0xfc])])],
  ])('says at which line a letter is not UTF-8 by %s in the rest', (_, begin) => {
    const cwd = temporaryFolder({ 't.csv': Buffer.concat([begin, Buffer.from('hl;10.0.1.0/24\n')]) })
    const { status, stderr } = natplan(['import', 't.csv'], { cwd })
    expect(status).toBe(2)
    expect(stderr).toContain('FILE_NOT_UTF8 t.csv:3: a letter is not UTF-8')
  })

  it('makes no plan where a source has something in it that could not be read', () => {
    const cwd = temporaryFolder({ 'lan.txt': '10.0.0/24\nsee the wiki\n', 'cloud.txt': '10.0.0.0/24\n' })
    const refused = natplan(['import', 'a=lan.txt', 'b=cloud.txt', '-o', 'natplan.yaml'], { cwd })
    expect(refused).toMatchObject({ status: 1, stdout: '' })
    expect(refused.stderr).toContain(
      'lan.txt error PREFIXES_NONE no prefix was found\n  hint: a list has one prefix a line;',
    )
    expect(refused.stderr).toContain('natplan: no plan was made')
    expect(existsSync(join(cwd, 'natplan.yaml'))).toBe(false)
    expect(natplan(['import', 'b=cloud.txt', '-o', 'natplan.yaml'], { cwd }).status).toBe(0)
  })

  it('makes no plan of what names no network', () => {
    const cwd = temporaryFolder({ hosts: '10.0.0.5 printer.example.net\n', 'lan.txt': '10.0.0.0/24\n' })
    const refused = natplan(['import', 'office=hosts', '-o', 'natplan.yaml'], { cwd })
    expect(refused).toMatchObject({ status: 1, stdout: '' })
    expect(refused.stderr).toContain('natplan: no plan was made: the input names no network of a site')
    expect(existsSync(join(cwd, 'natplan.yaml'))).toBe(false)
    expect(natplan(['import', 'office=hosts', 'office=lan.txt', '-o', 'natplan.yaml'], { cwd }).status).toBe(0)
    expect(readFileSync(join(cwd, 'natplan.yaml'), 'utf8')).toContain('printer.example.net: 10.0.0.5')
  })

  it('takes what a router prints for what it is', () => {
    const routes =
      'edge#show ip route\nC   10.0.0.0/24 is directly connected, Gi0/1\nS   10.20.0.0/16 [1/0] via 10.0.0.3\n'
    const cwd = temporaryFolder({ 'routes.txt': routes })
    expect(natplan(['import', 'a=routes.txt'], { cwd }).stdout).toContain('subnets: [ 10.0.0.0/24, 10.20.0.0/16 ]')
  })

  it('says that columns are named in vain where no source is a table', () => {
    const cwd = temporaryFolder({ 't.csv': 'Site,LAN\na,10.0.0.0/24\n' })
    const refused = natplan(['import', 'a=t.csv', '--columns', 'subnets=LAN'], { cwd })
    expect(refused).toMatchObject({ status: 2, stdout: '' })
    expect(refused.stderr).toContain('--columns is given, and no source is a table')
  })

  it('takes a column for two things no more than once, and a second one when it is named', () => {
    const cwd = temporaryFolder({ 't.csv': 'Site,LAN,Guests\na,10.0.0.0/24,10.0.1.0/24\n' })
    const { stdout } = natplan(['import', 't.csv', '--columns', 'subnets=LAN', '--columns', 'subnets=Guests'], { cwd })
    expect(stdout).toContain('subnets: [ 10.0.0.0/24, 10.0.1.0/24 ]')
  })
})
