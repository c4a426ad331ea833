import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { natplan, root } from '../support/command.ts'
import { requirePrograms, wherePrograms } from '../support/require.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { DnsServer, type ServerName } from './dns-servers.ts'

const book = join(root, 'test', 'names', 'book.yaml')

function printed(...args: readonly string[]): string {
  const { stdout, status, stderr } = natplan(['names', book, ...args])
  if (status !== 0) throw new Error(stderr)
  return stdout
}

interface Entry {
  readonly peer: string
  readonly host: string
  readonly address?: string
  readonly names?: readonly string[]
}

function entriesAt(site: string): readonly Entry[] {
  return JSON.parse(printed('--site', site, '--output', 'json')).entries
}

/** What a server at a site must answer to each name, and to each address. */
function expectedAt(site: string): { readonly forward: Map<string, string[]>; readonly back: Map<string, string[]> } {
  const forward = new Map<string, string[]>()
  const back = new Map<string, string[]>()
  for (const { address, names = [] } of entriesAt(site)) {
    if (address === undefined) continue
    for (const name of names) forward.set(name, [...(forward.get(name) ?? []), address].sort())
    back.set(address, [...(back.get(address) ?? []), ...names])
  }
  return { forward, back }
}

const forms: readonly [ServerName, form: string, ...programs: string[]][] = [
  ['dnsmasq', 'dnsmasq', 'dnsmasq'],
  ['dnsmasq of a hosts file', 'hosts', 'dnsmasq'],
  ['unbound', 'unbound', 'unbound', 'unbound-checkconf'],
  ['named', 'bind', 'named', 'named-checkconf'],
  ['coredns', 'coredns', 'coredns'],
]

for (const [server, form, ...programs] of forms) {
  const suite = server === 'coredns' ? wherePrograms(...programs) : requirePrograms(...programs)
  suite(`names in ${server}`, () => {
    it.each(['cloud', 'shop', 'onpremise'])('are answered at %s as planned, forward and back', async (site) => {
      const running = await DnsServer.start(server, printed('--site', site, '--output', form))
      const { forward, back } = expectedAt(site)
      expect(forward.size).toBeGreaterThan(1)
      for (const [name, addresses] of forward) expect([name, await running.addresses(name)]).toEqual([name, addresses])
      for (const [address, names] of back) {
        const answered = await running.names(address)
        expect(answered.length).toBeGreaterThan(0)
        expect(names).toEqual(expect.arrayContaining(answered))
      }
    })

    it('leave alone what natplan does not know', async () => {
      const running = await DnsServer.start(server, printed('--site', 'cloud', '--output', form))
      for (const name of ['elsewhere.onpremise', 'corp.example', 'old.onpremise', 'desk.branch'])
        expect([name, await running.addresses(name)]).toEqual([name, []])
      expect(await running.names('192.168.1.99')).toEqual([])
    })
  })
}

requirePrograms('named', 'named-checkconf')('a zone of its own', () => {
  it('holds the names of a domain', async () => {
    const running = await DnsServer.start(
      'named with a zone',
      printed('--site', 'cloud', '--output', 'bind', '--zone', 'corp.example'),
    )
    expect(await running.addresses('www.corp.example')).toEqual(['192.168.1.21', '192.168.1.22'])
    expect(await running.addresses('v6.corp.example')).toEqual(['fd00:2::20'])
    expect(await running.addresses('erp.partner')).toEqual([])
  })

  it('holds addresses', async () => {
    const zone = '1.168.192.in-addr.arpa'
    const running = await DnsServer.start(
      'named with a zone',
      printed('--site', 'cloud', '--output', 'bind', '--zone', zone),
    )
    expect(await running.names('192.168.1.20')).toEqual(['db.corp.example'])
  })
})

requirePrograms('dnsmasq')('answers of the far end', () => {
  /** A site whose real addresses mean nothing else here. */
  const plan = `version: 1
pools: [192.168.0.0/16]
sites:
  here: { subnets: [10.1.0.0/24] }
  far:
    subnets: [{ prefix: 10.7.4.0/22, translate: always }, { prefix: 10.1.0.0/25 }]
    domain: far.example
    hosts: { db: 10.7.4.20, own: 10.1.0.9 }
`

  it('are changed by whole prefixes where their addresses mean nothing else', async () => {
    const folder = temporaryFolder({ 'natplan.yaml': plan })
    const text = natplan(['names', '--site', 'here', '--output', 'dnsmasq'], { cwd: folder }).stdout
    const far = await DnsServer.start(
      'dnsmasq',
      'host-record=any.far.example,10.7.6.33\nhost-record=own2.far.example,10.1.0.77\n',
    )
    const near = await DnsServer.start('dnsmasq', `server=/far.example/127.0.0.1#${far.port}\n${text}`)
    const visible = /^alias=10\.7\.4\.0,(\d+\.\d+)\.4\.0,255\.255\.252\.0/m.exec(text)?.[1]
    expect(await near.addresses('any.far.example')).toEqual([`${visible}.6.33`])
    expect(await near.addresses('own2.far.example')).toEqual(['10.1.0.77'])
    expect(text).toContain('# answers for far.example with addresses of 10.1.0.0/25 are not changed as a whole')
  })
})

describe('names for servers', () => {
  it('are of one site', () => {
    const { status, stderr } = natplan(['names', book, '--output', 'unbound'])
    expect([status, stderr]).toEqual([2, expect.stringContaining('--output unbound is for one site')])
  })

  it('go to a file', () => {
    const folder = temporaryFolder()
    const file = join(folder, 'hosts')
    natplan(['names', book, '--site', 'cloud', '--output', 'hosts', '-o', file])
    expect(readFileSync(file, 'utf8')).toBe(printed('--site', 'cloud', '--output', 'hosts'))
  })
})
