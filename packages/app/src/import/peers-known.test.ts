import type { WrittenSite } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import type { Imported } from './imported.ts'
import { mergedImports } from './merge.ts'
import { withPeersKnown } from './peers-known.ts'

const said = (path: readonly (string | number)[]) => ({ path, text: 'x', file: 'cloud.json', line: 7 })

/** A cloud that knows its peer by an address, and by a prefix where it has a route. */
function cloud(address: string, prefixes: readonly string[]): Imported {
  return {
    network: {
      sites: { vpc: { subnets: ['10.0.0.0/16'] }, 'cgw-1': { subnets: [...prefixes] } },
      tunnels: [{ sites: ['vpc', 'cgw-1'], mode: 'route' }],
    },
    reasons: [said(['sites', 'cgw-1']), ...prefixes.map((_, index) => said(['sites', 'cgw-1', 'subnets', index]))],
    leftOut: [],
    findings: [],
    ends: [{ site: 'cgw-1', address }],
  }
}

function office(subnets: WrittenSite['subnets']): Imported {
  const gateway = { platform: 'linux', outside: { interface: 'eth0', address: '192.0.2.20' } } as const
  return { network: { sites: { office: { subnets, gateway } } }, reasons: [], leftOut: [], findings: [] }
}

const joined = (...parts: Imported[]) => mergedImports(withPeersKnown(parts))

describe('a site that is known by the address of its gateway', () => {
  it('is the site whose gateway has it', () => {
    const { network, reasons, findings } = joined(office(['192.168.9.0/24']), cloud('192.0.2.20', ['192.168.9.0/24']))
    expect(Object.keys(network.sites)).toEqual(['office', 'vpc'])
    expect(network.sites['office']?.subnets).toEqual(['192.168.9.0/24'])
    expect(network.tunnels).toEqual([{ sites: ['vpc', 'office'], mode: 'route' }])
    expect(reasons.map(({ path }) => path)).toEqual([['sites', 'office']])
    expect(findings).toEqual([])
  })

  it('is another one where the addresses differ', () => {
    const { network } = joined(office(['192.168.9.0/24']), cloud('192.0.2.21', ['192.168.9.0/24']))
    expect(Object.keys(network.sites)).toEqual(['office', 'vpc', 'cgw-1'])
  })

  it('gives its prefixes to one that knows none, with their reasons', () => {
    const { network, reasons } = joined(office([]), cloud('192.0.2.20', ['192.168.9.0/24']))
    expect(network.sites['office']?.subnets).toEqual(['192.168.9.0/24'])
    expect(reasons.map(({ path }) => path)).toContainEqual(['sites', 'office', 'subnets', 0])
  })

  it('has no subnet of a name that it does not know itself: that is told, unless it is a translated one', () => {
    const { network, findings } = joined(office(['10.5.0.0/24']), cloud('192.0.2.20', ['192.168.9.0/24']))
    expect(network.sites['office']?.subnets).toEqual(['10.5.0.0/24'])
    expect(findings).toMatchObject([
      {
        code: 'IMPORT_INCOMPLETE',
        place: { file: 'cloud.json', line: 7 },
        message: expect.stringMatching(/^office: .*192\.168\.9\.0\/24/),
      },
    ])
    const pinned = office([{ prefix: '10.5.0.0/24', translateTo: '192.168.9.0/24' }])
    expect(joined(pinned, cloud('192.0.2.20', ['192.168.9.0/24'])).findings).toEqual([])
  })
})
