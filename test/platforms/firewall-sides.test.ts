import { filterPlaces, type GatewayPolicy } from '@natplan/core'
import { platformModule } from '@natplan/templates'
import { describe, expect, it } from 'vitest'
import { firewallResult } from '../../packages/app/src/tables/firewall-page.ts'
import { wholeTable } from '../../packages/app/src/tables/table.ts'
import { formed } from '../golden/platforms/cases.ts'
import { derive, type Written } from '../support/policies.ts'

function policyOf(written: Written, site = 'left'): GatewayPolicy {
  const policy = derive(written).policies.find((one) => one.site === site)
  if (!policy) throw new Error('no policy')
  return policy
}

/** Title, columns and rows of every table. */
function tablesOf(policy: GatewayPolicy) {
  return Array.from(firewallResult([{ policy, places: filterPlaces(policy) }]).tables(), wholeTable)
}

const { sites, ...rest } = formed('vyos-1.4', {})
const { left, right } = sites
if (!left?.gateway || !right?.gateway) throw new Error('no gateways')
const firewall = { gatewayIn: 'WAN_LOCAL', fromPeers: 'WAN_IN' }
const lte = (address: string, nextHop: string) => ({ lte: { interface: 'eth2', address, nextHop } })
const tunnel = { sites: ['left', 'right'], mode: 'route' as const }
const twice = policyOf({
  ...rest,
  sites: {
    left: { ...left, gateway: { ...left.gateway, firewall, uplinks: lte('198.51.100.7', '198.51.100.1') } },
    right: { ...right, gateway: { ...right.gateway, uplinks: lte('198.51.100.130', '198.51.100.129') } },
  },
  tunnels: [tunnel, { ...tunnel, uplinks: { left: 'lte', right: 'lte' } }],
})
const plain = policyOf(formed('vyos-1.4', {}))

describe('what a firewall must let pass', () => {
  it('names the virtual interfaces of tunnels, and by which of several a packet comes', () => {
    const [heading, ...tables] = tablesOf(twice)
    expect(heading?.empty).toMatch(/, tunnel interface vti100 \(right\), tunnel interface vti101 \(right-lte\)$/)
    const hosts = tables.filter(({ title }) => /hosts/i.test(title ?? ''))
    for (const { title, columns, rows } of hosts) {
      expect(title).not.toContain('from the zone of the inside')
      expect(columns).toEqual(['PEER', 'INTERFACE', 'FROM', 'TO'])
      expect(new Set(rows.map(([, name]) => name))).toEqual(new Set(['vti100', 'vti101']))
    }
    expect(hosts.map(({ title }) => title)).toContainEqual(
      expect.stringContaining("forward filter, the tunnel's interface to eth0"),
    )
  })

  it('names the near end of a cable', () => {
    const oneSided = policyOf(formed('linux', { translateAt: 'left' }))
    expect(tablesOf(oneSided)[0]?.empty).toContain('tunnel interface veth200 (right)')
  })

  it('names no interface beside the two of a gateway without such tunnels', () => {
    const [heading, ...tables] = tablesOf(plain)
    expect(heading?.empty).not.toContain('tunnel interface')
    expect(tables.flatMap(({ columns }) => columns)).not.toContain('INTERFACE')
  })

  it('is let in by every uplink where the plan names the set', () => {
    const lines = platformModule('vyos-1.4')?.render(twice, { secrets: new Map() }).texts?.configure ?? ''
    expect(lines.match(/firewall ipv4 name WAN_LOCAL rule \d+ protocol .*/g)).toHaveLength(2)
    const peers = [...lines.matchAll(/address-group natplan-gateways address '?([\d.]+)/g)].map(
      ([, address]) => address,
    )
    expect(peers).toEqual(expect.arrayContaining(['192.0.2.20', '198.51.100.130']))
  })
})
