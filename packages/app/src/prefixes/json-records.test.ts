import { PrefixTable } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { utf8Bytes } from './bytes.ts'
import { JsonReader } from './json-reader.ts'
import { TableCells } from './table-cells.ts'

/** The prefixes of a document with what they are called, and how many were left out by why. */
function read(document: unknown, { keepsLeaves = false } = {}) {
  const table = new PrefixTable()
  const cells = new TableCells(table, { file: 'f', hostBits: 'refuse', leavesDefaults: true, onBad: () => undefined })
  const reader = new JsonReader(cells, { paths: [], isByLine: false, keepsLeaves })
  reader.read(utf8Bytes(JSON.stringify(document)))
  reader.end()
  const rows = Array.from({ length: table.size }, (_, row) => {
    const label = cells.labels.get(row)
    return label === undefined ? `${table.prefixAt(row)}` : `${table.prefixAt(row)} ${label}`
  })
  const left = Object.entries({ ...reader.notes, defaults: cells.defaults }).filter(([, number]) => number > 0)
  return { rows, left: Object.fromEntries(left) }
}

const network = (name: string, space: string, ...subnets: string[]) => ({
  name,
  addressSpace: { addressPrefixes: [space] },
  subnets: subnets.map((addressPrefix, index) => ({ name: `${name}${index}`, addressPrefix })),
})

describe('networks in the records of JSON', () => {
  it('that an object around them has are stood for by it, or stand for it', () => {
    const all = [network('hub', '10.1.0.0/16', '10.1.0.0/24', '10.1.1.0/24'), network('spoke', '10.2.0.0/16')]
    expect(read(all)).toEqual({ rows: ['10.1.0.0/16 hub', '10.2.0.0/16 spoke'], left: { contained: 2 } })
    expect(read(all, { keepsLeaves: true })).toEqual({
      rows: ['10.1.0.0/24 hub0', '10.1.1.0/24 hub1', '10.2.0.0/16 spoke'],
      left: { contained: 1 },
    })
  })

  it('that stand beside one another in a list are networks of their own, whatever one of them contains', () => {
    const sites = [
      { name: 'a', cidr: '10.0.0.0/8' },
      { name: 'b', lan: { cidr: '10.1.0.0/16' } },
    ]
    expect(read([{ company: 'x', sites }])).toEqual({ rows: ['10.0.0.0/8 a', '10.1.0.0/16 b'], left: {} })
  })

  it.each([
    ['ip -j address', [{ ifname: 'eth0', addr_info: [{ family: 'inet', local: '10.0.1.5', prefixlen: 24 }] }]],
    ['Get-NetIPAddress', [{ IPAddress: '10.0.1.5', InterfaceAlias: 'eth0', PrefixLength: 24 }]],
    ['phpIPAM', { data: [{ subnet: '10.0.1.0', mask: '24', description: 'eth0' }] }],
    [
      'facts of Ansible',
      { eth0: [{ address: '10.0.1.5', network: '10.0.1.0', netmask: '255.255.255.0', name: 'eth0' }] },
    ],
  ])('are put together of an address and a length: %s', (_, document) => {
    expect(read(document)).toEqual({ rows: ['10.0.1.0/24 eth0'], left: {} })
  })

  it('are not made of an address that has no length, but for destinations of routes', () => {
    expect(read([{ address: '10.0.1.5', gateway: '10.0.1.1' }]).rows).toEqual([])
    expect(read([{ dst: '10.0.1.5', gateway: '10.0.1.1' }]).rows).toEqual(['10.0.1.5/32'])
  })

  it('are left out and counted when every machine has them, or nobody any more', () => {
    const document = [
      { local: '127.0.0.1', prefixlen: 8 },
      { DestinationCidrBlock: '0.0.0.0/0' },
      { CidrBlock: '10.77.0.0/16', CidrBlockState: { State: 'disassociated' } },
      { prefix: '10.0.0.0/8', status: { value: 'container', label: 'Container' } },
      { CidrBlock: '10.78.0.0/16', CidrBlockState: { State: 'disassociating' } },
    ]
    expect(read(document)).toEqual({ rows: ['10.78.0.0/16'], left: { special: 1, defaults: 1, unused: 2 } })
  })

  it('are called as their object is, by its tag first', () => {
    const tagged = { CidrBlock: '10.0.0.0/16', VpcId: 'vpc-1', Tags: [{ Key: 'Name', Value: 'hub' }] }
    expect(read({ Vpcs: [tagged, { CidrBlock: '10.1.0.0/16', VpcId: 'vpc-2' }] }).rows).toEqual([
      '10.0.0.0/16 hub',
      '10.1.0.0/16 vpc-2',
    ])
    expect(read([{ prefix: '10.0.0.0/24', site: { name: 'ams' }, vrf: { name: 'red' } }]).rows).toEqual([
      '10.0.0.0/24 site ams, vrf red',
    ])
  })
})
