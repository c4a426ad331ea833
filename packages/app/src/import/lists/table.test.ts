import { describe, expect, it } from 'vitest'
import { importTexts } from '../../../../../test/support/import-texts.ts'
import { readNetworkText } from '../../plan/read-plan.ts'
import { importPlan } from '../import-plan.ts'
import type { ImportChoice, Imported } from '../imported.ts'
import { planText } from '../plan-text.ts'

const choice: ImportChoice = { as: undefined, columns: new Map() }

async function imported(text: string | Uint8Array, chosen: Partial<ImportChoice> = {}): Promise<Imported> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7)
  }
  const pieces = { name: 't.csv', head: bytes.subarray(0, 64 * 1024), isCut: false, chunks: chunks() }
  return importPlan([{ site: undefined, platform: undefined, text: pieces }], { ...choice, ...chosen })
}

function toldOf({ findings }: Imported): string[] {
  return findings.flatMap(({ place, message, related = [] }) => [
    `${place.file}:${place.line} ${message}`,
    ...related.map((one) => `${one.place.file}:${one.place.line} ${one.message}`),
  ])
}

describe('a table of sites', () => {
  it('becomes a plan file that is read without a finding', async () => {
    const plan = planText(
      await imported(`Branches as of May;;;;
;;;;
Standort;LAN;Netzmaske;WAN IP;Hub;Beschreibung
Köln Süd;192.168.1.0;255.255.255.0;203.0.113.10/29;Zentrale;Büro & Lager
Köln Süd;10.5.0.0/24, 10.6.0.0/24;;;;
Zentrale;10.0.0.7;/16;198.51.100.1;;
Bonn;192.168.1.0;24;vpn.bonn.example.net;ZENTRALE, Köln Süd;
`),
      { explains: true },
    )
    expect(plan).toBe(`version: 1
sites:
  Koeln-Sued: # column Standort has Köln Süd (t.csv:4)
    subnets:
      # column LAN has 192.168.1.0 (t.csv:4)
      - prefix: 192.168.1.0/24
        name: Buero Lager
      - 10.5.0.0/24 # column LAN has 10.5.0.0/24, 10.6.0.0/24 (t.csv:5)
      - 10.6.0.0/24 # column LAN has 10.5.0.0/24, 10.6.0.0/24 (t.csv:5)
    gateway:
      outside:
        interface: wan # the table does not name the interface; write what the device calls it (t.csv:4)
        address: 203.0.113.10 # column WAN IP has 203.0.113.10/29 (t.csv:4)
  Zentrale:
    subnets:
      - 10.0.0.0/16 # column LAN has 10.0.0.7 (t.csv:6)
    gateway:
      outside:
        interface: wan # the table does not name the interface; write what the device calls it (t.csv:6)
        address: 198.51.100.1 # column WAN IP has 198.51.100.1 (t.csv:6)
  Bonn:
    subnets:
      - 192.168.1.0/24 # column LAN has 192.168.1.0 (t.csv:7)
    gateway:
      outside:
        interface: wan # the table does not name the interface; write what the device calls it (t.csv:7)
        address: # column WAN IP has vpn.bonn.example.net (t.csv:7)
          host: vpn.bonn.example.net
tunnels:
  # column Hub has Zentrale (t.csv:4)
  - sites: [ Koeln-Sued, Zentrale ]
  # column Hub has ZENTRALE, Köln Süd (t.csv:7)
  - sites: [ Bonn, Zentrale ]
  # column Hub has ZENTRALE, Köln Süd (t.csv:7)
  - sites: [ Bonn, Koeln-Sued ]
`)
    expect(readNetworkText({ name: 'natplan.yaml', text: plan }).findings).toEqual([])
  })

  it('says which cells could not be read, each with its line, and reads the rest of their rows', async () => {
    const result = await imported(`Site,LAN,WAN,Platform,WAN interface,Peer
a,10.0.0.0/33,192.0.2.1,VyOS 1.4.2,eth0,
a,10.0.0.0/24,192.0.2.2,,,
b,10.0.1.0/24,192.0.2.999,BeOS,eth 0,c
,10.0.2.0/24,,,,
`)
    expect(toldOf(result)).toEqual([
      't.csv:2 7 cells could not be read and were left out',
      't.csv:2 10.0.0.0/33: "10.0.0.0/33" has no valid prefix length',
      't.csv:3 192.0.2.2: its site has 192.0.2.1 in line 2',
      't.csv:4 BeOS: no platform: vyos-1.5, vyos-1.4, vyos-1.3, vyatta-5600, vyatta-5400, edgeos, linux, azure, aws, gcp, generic',
      't.csv:4 192.0.2.999: no address, host name or "dynamic"',
      't.csv:4 eth 0: no name of an interface',
      't.csv:5 10.0.2.0/24: the row says no site',
      't.csv:4 c: no site of the table has that name, so it is not a peer',
    ])
    expect(result.network.sites).toEqual({
      a: {
        subnets: ['10.0.0.0/24'],
        gateway: { platform: 'vyos-1.4', outside: { interface: 'eth0', address: '192.0.2.1' } },
      },
      b: { subnets: ['10.0.1.0/24'] },
    })
  })

  it('leaves out what takes no space, and counts it', async () => {
    const { network, leftOut } = await imported(`Prefix,Status,Site
10.0.0.0/8,Container,a
10.1.0.0/24,deprecated,a
10.2.0.0/24,deleted,a
0.0.0.0/0,active,a
`)
    expect(network.sites).toEqual({ a: { subnets: ['10.1.0.0/24'] } })
    expect(leftOut).toEqual([
      { what: 'networks that are no longer in use, or containers of others', count: 2, file: 't.csv', line: 2 },
      { what: 'default routes', count: 1, file: 't.csv', line: 5 },
    ])
  })

  it('makes reserved space of it where that is wanted, and keeps what is nowhere out of the pools', async () => {
    const { network, findings } = await imported('Site;Prefix\na;10.0.0.0/24\n;10.1.0.0/24\n', { as: 'reserved' })
    expect(network).toEqual({ avoid: ['10.1.0.0/24'], sites: { a: { subnets: [], reserved: ['10.0.0.0/24'] } } })
    expect(findings).toEqual([])
  })

  it('names no interface of a device that the table knows, and none of a cloud', async () => {
    const { network, leftOut } = await imported(`Site,LAN,WAN,Platform
a,10.0.0.0/24,192.0.2.1,edgeos
b,10.0.1.0/24,192.0.2.2,azure
c,10.0.2.0/24,,edgeos
`)
    expect(network.sites['a']?.gateway?.outside).toEqual({ address: '192.0.2.1' })
    expect(network.sites['b']?.gateway?.outside).toEqual({ address: '192.0.2.2' })
    expect(network.sites['c']?.gateway).toBeUndefined()
    expect(leftOut.map(({ what, line }) => `${line} ${what}`)).toEqual([
      '2 outside interfaces, which the plan needs and the table does not name',
      '4 gateways of which no outside address is known',
    ])
  })

  it('reads what spreadsheets save: Windows-1252, lines that end with a carriage return', async () => {
    const text = 'Standort;Netz\rKöln;10.0.0.0/24\r'
    const { network } = await imported(Uint8Array.from(text, (letter) => letter.charCodeAt(0)))
    expect(network.sites).toEqual({ Koeln: { subnets: ['10.0.0.0/24'] } })
  })

  it('tells of a quote that is never closed', async () => {
    const result = await imported('Site,LAN\na,10.0.0.0/24\n"b,10.0.1.0/24\nc,10.0.2.0/24\n')
    expect(Object.keys(result.network.sites)).toEqual(['a'])
    expect(toldOf(result)[1]).toContain('t.csv:3 a quote opens in this row and is never closed')
  })

  it('that Infoblox exports is read by the kinds of its rows', async () => {
    const { network, leftOut } = await imported(`header-networkcontainer,address*,netmask*,comment
networkcontainer,10.0.0.0,255.0.0.0,all
header-network,address*,netmask*,comment,EA-Site
network,10.20.0.0,255.255.255.0,office LAN,Hamburg
header-hostrecord,fqdn*,addresses
hostrecord,printer.example.net,10.20.0.5
header-ipv6network,address*,cidr*,comment,EA-Site
ipv6network,2001:db8:20::,64,,Hamburg
`)
    expect(network.sites).toEqual({
      Hamburg: { subnets: [{ prefix: '10.20.0.0/24', name: 'office LAN' }, '2001:db8:20::/64'] },
    })
    expect(leftOut.map(({ what, count, line }) => `${line} ${count} ${what}`)).toEqual([
      '2 1 containers of networks',
      '6 1 rows that are not networks',
    ])
  })

  it('that phpIPAM exports is read without the column of master subnets', async () => {
    const { network } = await imported(`Section;Subnet;Mask;Description;Master Subnet;Location
Customers;10.40.0.0;24;;10.40.0.0/16;Hamburg
`)
    expect(network.sites).toEqual({ Hamburg: { subnets: ['10.40.0.0/24'] } })
  })

  it.each([
    [
      'NetBox',
      {
        count: 3,
        results: [
          { family: { value: 4 }, prefix: '10.30.0.0/16', status: { value: 'container' }, scope: { name: 'Hamburg' } },
          { family: { value: 4 }, prefix: '10.30.1.0/24', scope: { name: 'Hamburg' }, role: { name: 'office' } },
          { family: { value: 4 }, prefix: '10.30.2.0/24', scope: null, description: 'nowhere' },
        ],
      },
    ],
    [
      'phpIPAM',
      {
        code: 200,
        data: [
          { id: '1', subnet: '10.30.0.0', mask: '16', sectionId: '1', isFolder: '1', location: { name: 'Hamburg' } },
          {
            id: '2',
            subnet: '10.30.1.0',
            mask: '24',
            sectionId: '1',
            description: 'office',
            location: { name: 'Hamburg' },
          },
          { id: '3', subnet: '10.30.2.0', mask: '24', sectionId: '1', location: [] },
        ],
      },
    ],
    [
      'Infoblox',
      [
        { _ref: 'networkcontainer/x:10.30.0.0/16', network: '10.30.0.0/16', extattrs: { Site: { value: 'Hamburg' } } },
        {
          _ref: 'network/x:10.30.1.0/24',
          network: '10.30.1.0/24',
          comment: 'office',
          extattrs: { Site: { value: 'Hamburg' } },
        },
        { _ref: 'network/x:10.30.2.0/24', network: '10.30.2.0/24', extattrs: {} },
      ],
    ],
  ])('as %s answers it becomes sites; containers and what is nowhere are told of', async (_, answer) => {
    const result = await imported(JSON.stringify(answer, null, 1))
    expect(result.network.sites).toEqual({ Hamburg: { subnets: [{ prefix: '10.30.1.0/24', name: 'office' }] } })
    expect(result.leftOut.map(({ what }) => what)).toEqual([
      'networks that are no longer in use, or containers of others',
    ])
    const [, nowhere = ''] = toldOf(result)
    expect(nowhere).toMatch(/^t.csv:\d+ 10.30.2.0(\/24)?: the row says no site$/)
    const line = Number(/:(\d+) /.exec(nowhere)?.[1])
    expect(JSON.stringify(answer, null, 1).split('\n')[line - 1]).toContain('10.30.2.0')
  })

  it('that NetBox answers page by page is whole with every page, and a region is no site', async () => {
    const scope = (scope_type: string, name: string) => ({ scope_type, scope: { name }, family: { value: 4 } })
    const page = (next: string | null, prefix: string, kind = 'dcim.site') =>
      JSON.stringify({ count: 2, next, results: [{ prefix, ...scope(kind, 'Hamburg') }] }, null, 1)
    const first = await imported(page('https://netbox.example.net/?offset=1', '10.30.1.0/24'))
    expect(toldOf(first)).toEqual(['t.csv:1 the answer has 1 of 2 networks: it says that further pages follow'])
    const both = [page('https://netbox.example.net/?offset=1', '10.30.1.0/24'), page(null, '10.30.2.0/24')]
    const { findings, network } = await importTexts({ 'a.json': both[0] ?? '', 'b.json': both[1] ?? '' })
    expect(findings).toEqual([])
    expect(network.sites).toEqual({ Hamburg: { subnets: ['10.30.1.0/24', '10.30.2.0/24'] } })
    const [, nowhere] = toldOf(await imported(page(null, '10.30.1.0/24', 'dcim.region')))
    expect(nowhere).toMatch(/10\.30\.1\.0\/24: the row says no site$/)
  })

  it('has the site of the row above where a spreadsheet had one cell for several rows', async () => {
    const { network, notes, findings } = await imported(
      'Site;LAN;WAN IP\nUlm;10.0.0.0/24;198.51.100.1\n;10.0.1.0/24;\nBonn;10.1.0.0/24;198.51.100.2\n;10.1.1.0/24;\n;;\n',
    )
    expect(network.sites['Ulm']?.subnets).toEqual(['10.0.0.0/24', '10.0.1.0/24'])
    expect(network.sites['Bonn']?.subnets).toEqual(['10.1.0.0/24', '10.1.1.0/24'])
    expect(notes).toContain('t.csv: 2 rows without a site counted to the one above (t.csv:3 and below)')
    expect(findings.length).toBeLessThanOrEqual(1)
  })

  it('is read with masks, blanks and several networks in a cell, as people type them', async () => {
    const { network, notes } = await imported(`Name;IP-Bereich;Gateway (öffentlich);VPN zu
Zentrale;172.16.0.0/16;198.51.100.1;
Filiale 01;192.168.1.0 / 24;198.51.100.11;Zentrale
Filiale 02;10.3.0.0 255.255.0.0, 10.6.0.0 255.255.255.0;198.51.100.12;Zentrale
Filiale 03;10.4.0.0/16 + 10.5.0.0/16;198.51.100.13;Zentrale
`)
    expect(notes?.[0]).toBe('t.csv: site=Name, subnets=IP-Bereich, outside=Gateway (öffentlich), peer=VPN zu')
    expect(Object.values(network.sites).map(({ subnets }) => subnets)).toEqual([
      ['172.16.0.0/16'],
      ['192.168.1.0/24'],
      ['10.3.0.0/16', '10.6.0.0/24'],
      ['10.4.0.0/16', '10.5.0.0/16'],
    ])
  })

  it('takes each column of a number for one more of its kind', async () => {
    const { network, notes } = await imported(
      'site_name,vlan10,vlan20,wan1_ip,wan2_ip\nber,10.1.1.0/24,10.1.2.0/24,192.0.2.1,192.0.2.9\n',
    )
    expect(notes?.[0]).toBe('t.csv: site=site_name, subnets=vlan10, subnets=vlan20, outside=wan1_ip; not read: wan2_ip')
    expect(network.sites['ber']?.subnets).toEqual(['10.1.1.0/24', '10.1.2.0/24'])
  })

  it('makes no host of an address whose mask is missing', async () => {
    const result = await imported('Site;Subnet;Netmask\na;10.1.0.0;255.255.0.0\nb;10.3.0.0;\n')
    expect(result.network.sites['b']?.subnets).toEqual([])
    expect(toldOf(result)[1]).toBe('t.csv:3 10.3.0.0: its mask is missing')
  })

  it.each([
    ['names a site in each of its rows', 'Site;LAN\nUlm;10.0.0.0/24\nUlm;10.0.1.0/24\n;10.0.2.0/24\n'],
    ['has the site behind the network', 'LAN;Site\n10.0.0.0/24;Ulm\n10.0.2.0/24;\n'],
    ['says where the gateway is', 'Site;LAN;WAN IP\nUlm;10.0.0.0/24;198.51.100.1\n;10.0.2.0/24;198.51.100.2\n'],
  ])('leaves a row without a site alone where the table %s', async (_, text) => {
    const result = await imported(text)
    expect(JSON.stringify(result.network)).not.toContain('10.0.2.0')
    expect(toldOf(result).join()).toContain('10.0.2.0/24: the row says no site')
  })

  it.each(['10.0.0.0/24\n', 'hello world\n'])('%j is no list of names', async (text) => {
    await expect(imported(text)).rejects.toThrow('natplan cannot tell what t.csv is')
  })

  it('that were not quite prefixes are counted, and what a cell says is shown without control characters', async () => {
    const { notes, reasons } = await imported(
      'Site;LAN\na;10.0.0.7/24\na;10.0.1.0/24\nb\u001b[2J;10.0.2.0/24, 10.0.3.9/24\nb\u001b[2J;10.0.4.4\n',
    )
    expect(notes?.slice(1, 3)).toEqual([
      't.csv: host bits dropped from 2 prefixes',
      't.csv: 1 address without a length taken as one host each',
    ])
    expect(reasons.find(({ path }) => path.length === 2)).toMatchObject({
      path: ['sites', 'b-2J'],
      text: 'column Site has b\\u001b[2J',
      line: 4,
    })
  })
})
