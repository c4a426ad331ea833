import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { natplan, root } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const book = join(root, 'test', 'names', 'book.yaml')

describe('natplan explain of a host', () => {
  it.each(['db', 'DB.onpremise.', 'db.corp.example', 'onpremise:db'])('%s says what each site calls it', (name) => {
    const { status, stdout } = natplan(['explain', name, '-f', book])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^ {2}onpremise +10\.0\.1\.20 +db +a host here$/m)
    expect(stdout).toMatch(/^ {2}cloud +192\.168\.1\.20 +db\.corp\.example, db\.onpremise +really 10\.0\.1\.20$/m)
    expect(stdout).toContain('nothing of the plan leads there from 3 more sites')
  })

  it('is a document for programs', () => {
    const { hosts } = JSON.parse(natplan(['explain', 'shell', '-f', book, '--output', 'json']).stdout)
    expect(hosts).toHaveLength(1)
    expect(hosts[0].views).toContainEqual({
      at: 'cloud',
      peer: 'branch',
      host: 'shell',
      real: '10.20.0.11',
      address: '203.0.113.65',
      names: ['shell.branch'],
      translated: true,
      ports: [{ protocol: 'tcp', port: 2222, toPort: 22 }],
    })
  })

  it('shows all that a short name may mean', () => {
    const plan =
      'version: 1\nsites:\n  a: { subnets: [10.0.0.0/24], hosts: { db: 10.0.0.5 } }\n  b: { subnets: [10.1.0.0/24], hosts: { db: 10.1.0.5 } }\n'
    const { stdout } = natplan(['explain', 'db', '-f', '-'], { input: plan })
    expect(stdout).toContain('db of a\n')
    expect(stdout).toContain('db of b\n')
  })

  it.each([
    ['dbb', 2, 'HOST_UNKNOWN the plan names no host "dbb"\n  hint: did you mean db?'],
    ['clod:db', 2, 'USAGE the plan has no site "clod"\n  hint: did you mean cloud?'],
    ['DBB', 2, 'CODE_UNKNOWN'],
    ['10.0.1.300', 1, 'ADDRESS_INVALID'],
  ])('%s has status %i and says %s', (name, status, text) => {
    const outcome = natplan(['explain', name, '-f', book])
    expect([outcome.status, outcome.stderr]).toEqual([status, expect.stringContaining(text)])
  })

  it('needs a plan: a word without one is meant to be a code', () => {
    expect(natplan(['explain', 'db'], { cwd: temporaryFolder() }).stderr).toContain('CODE_UNKNOWN')
  })
})

describe('natplan trace by names', () => {
  it.each([
    ['cloud:node1', 'onpremise:db', '10.0.1.5', '192.168.1.20', 443, 'SITE:NAME'],
    ['node1', 'db.corp.example', '10.0.1.5', '192.168.1.20', 443, 'names that are whole, or that one site has'],
    ['node1', 'v6', 'fd00:1::5', 'fd00:2::20', 443, 'the addresses of the same IP version'],
    ['cloud:node1', 'branch:shell', '10.0.1.5', '203.0.113.65', 2222, 'the port that leads to a host that hides'],
    ['node1', 'till', '10.0.1.5', '192.168.3.7', 443, 'over a hub'],
    ['node1', 'erp', '10.0.1.5', '192.168.2.20', 443, 'where one gateway does all translation'],
    ['cloud:10.0.1.9', 'onpremise:db', '10.0.1.9', '192.168.1.20', 443, 'an address and a name'],
  ])('%s calls %s: %s → %s port %i (%s)', (from, to, source, destination, port) => {
    const { stdout, stderr } = natplan(['trace', from, to, book, '--output', 'json'])
    expect(stderr).toBe('')
    const { packet, disposition } = JSON.parse(stdout)
    expect(packet).toMatchObject({ source, destination, destinationPort: port })
    expect(disposition).toBe('delivered')
  })

  it.each([
    ['cloud:nod', 'onpremise:db', 'HOST_UNKNOWN', 'did you mean cloud:node1?'],
    ['node1', 'onpremise:dbb', 'HOST_UNKNOWN', 'did you mean onpremise:db?'],
    ['node1', 'onpremise:old', 'USAGE no tunnel of cloud carries 10.9.0.3 of onpremise', 'hint'],
    ['node1', 'bench', 'USAGE there is no gateway of a site "Lab_2"', 'hint'],
    ['api', 'v6', 'USAGE 10.7.3.4 and fd00:2::20 are of different IP versions', ''],
  ])('%s and %s: %s, %s', (from, to, text, hint) => {
    const { status, stderr } = natplan(['trace', from, to, book])
    expect(status).toBe(2)
    expect(stderr).toContain(text)
    expect(stderr).toContain(hint)
  })
})
