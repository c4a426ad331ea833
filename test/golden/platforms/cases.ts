import type { Platform } from '@natplan/core'
import type { Written } from '../../support/policies.ts'

type Gateway = NonNullable<Written['sites'][string]['gateway']>

/** Interfaces as they are called on each platform. */
const interfaces: Partial<Record<Platform, { readonly outside: string; readonly inside: string }>> = {
  'vyatta-5600': { outside: 'dp0bond1', inside: 'dp0bond0' },
  'vyatta-5400': { outside: 'bond1', inside: 'bond0' },
}

function gateway(platform: Platform, address: string, more: Partial<Gateway['outside']> = {}): Gateway {
  const { outside, inside } = interfaces[platform] ?? { outside: 'eth1', inside: 'eth0' }
  return { platform, outside: { interface: outside, address, ...more }, inside: { interface: inside } }
}

/** The acceptance example on two platforms. */
export function acceptance(cloud: Platform, onpremise: Platform): Written {
  return {
    pools: ['192.168.0.0/16'],
    sites: {
      cloud: { subnets: ['10.0.1.0/27'], gateway: gateway(cloud, '203.0.113.10') },
      onpremise: { subnets: ['10.0.1.0/24'], gateway: gateway(onpremise, '192.0.2.20') },
    },
    tunnels: [{ sites: ['cloud', 'onpremise'] }],
  }
}

/** A hub whose three spokes all have the same subnet. */
export function hub(platform: Platform): Written {
  const spokes = { north: '192.0.2.1', east: '192.0.2.2', south: '192.0.2.3' }
  return {
    pools: ['192.168.0.0/16'],
    sites: {
      hub: { subnets: ['10.9.0.0/24'], gateway: gateway(platform, '203.0.113.10') },
      ...Object.fromEntries(
        Object.entries(spokes).map(([name, address]) => [
          name,
          { subnets: ['10.0.0.0/24'], gateway: gateway('vyos-1.4', address) },
        ]),
      ),
    },
    tunnels: Object.keys(spokes).map((name) => ({ sites: ['hub', name] })),
  }
}

/** Only one of two subnets collides; the other is exempt from NAT. */
export function partialOverlap(platform: Platform): Written {
  return {
    pools: ['192.168.0.0/16'],
    sites: {
      left: { subnets: ['10.0.1.0/24', '10.50.0.0/16'], gateway: gateway(platform, '203.0.113.10') },
      right: { subnets: ['10.0.1.0/25', 'fd00:2::/64'], gateway: gateway('vyos-1.4', '192.0.2.20') },
    },
    tunnels: [{ sites: ['left', 'right'], proposal: 'compatible' }],
  }
}

/** Two subnets behind one address with ports that lead to hosts, and one behind several. */
export function hiding(platform: Platform): Written {
  const hideBehind = '203.0.113.65'
  return {
    own: ['203.0.113.64/28'],
    sites: {
      branch: {
        subnets: [
          { prefix: '10.20.0.0/16', hideBehind, forwards: [{ port: 8443, to: '10.20.0.10', toPort: 443 }] },
          { prefix: '10.21.0.0/24', hideBehind, forwards: [{ port: 53, to: '10.21.0.5', protocol: 'udp' }] },
          { prefix: '10.22.0.0/24', hideBehind: '203.0.113.72/30' },
        ],
        gateway: gateway(platform, '203.0.113.10'),
      },
      partner: { subnets: ['10.20.0.0/16'], gateway: gateway('vyos-1.4', '192.0.2.20') },
    },
    tunnels: [{ sites: ['branch', 'partner'], proposal: 'compatible' }],
  }
}

/** A gateway with a private outside address, an identity of its own, and every setting of a tunnel. */
export function behindNat(platform: Platform): Written {
  return {
    pools: ['192.168.0.0/16'],
    sites: {
      branch: {
        subnets: ['10.0.1.0/24'],
        gateway: {
          ...gateway(platform, '172.20.0.2', { publicAddress: '203.0.113.10', mtu: 1492 }),
          identity: 'branch.example.net',
          ruleBase: 2000,
        },
      },
      centre: { subnets: ['10.0.0.0/20'], gateway: gateway('vyos-1.4', '192.0.2.20') },
    },
    tunnels: [
      {
        sites: ['branch', 'centre'],
        ike: { lifetime: 14_400 },
        esp: { lifetime: 1800 },
        deadPeerDetection: { action: 'clear', interval: 15, timeout: 60 },
        start: { branch: 'initiate' },
      },
    ],
  }
}

type Form = Omit<NonNullable<Written['tunnels']>[number], 'sites'>

/** A tunnel of some form, beside one with selectors alone. */
export function formed(platform: Platform, form: Form): Written {
  return {
    pools: ['192.168.0.0/16'],
    sites: {
      left: { subnets: ['10.0.1.0/24', '10.50.0.0/16'], gateway: gateway(platform, '203.0.113.10') },
      right: { subnets: ['10.0.1.0/25'], gateway: gateway('vyos-1.4', '192.0.2.20') },
      other: { subnets: ['10.60.0.0/24'], gateway: gateway('vyos-1.4', '192.0.2.30') },
    },
    tunnels: [
      { sites: ['left', 'right'], proposal: 'compatible', ...form },
      { sites: ['left', 'other'], proposal: 'compatible' },
    ],
  }
}

/** A branch whose address changes, at a hub that has one; both have certificates towards a shop that is looked up by its name. */
export function changingAddress(platform: Platform, at: 'branch' | 'hub'): Written {
  const peer = 'vyos-1.4'
  const moving = { ...gateway(at === 'branch' ? platform : peer, 'dynamic'), identity: 'branch.example.net' }
  const fixed = gateway(at === 'hub' ? platform : peer, '203.0.113.10')
  const shop = gateway(peer, '192.0.2.30')
  return {
    pools: ['192.168.0.0/16'],
    sites: {
      branch: {
        subnets: ['10.0.1.0/24'],
        gateway: moving,
      },
      hub: { subnets: ['10.0.0.0/20'], gateway: fixed },
      shop: {
        subnets: ['10.3.0.0/24'],
        gateway: { ...shop, outside: { ...shop.outside, address: { host: 'shop.example.org' } } },
      },
    },
    tunnels: [
      { sites: ['branch', 'hub'] },
      {
        sites: [at, 'shop'],
        authentication: { [at]: { certificate: `${at}-2026`, ca: 'company' }, shop: { certificate: 'shop', ca: 'company' } },
      },
    ],
  }
}

/** What a gateway that a cloud runs is asked for, as a tunnel with it looks. */
const cloudForms: Partial<Record<Platform, Partial<NonNullable<Written['tunnels']>[number]>>> = {
  azure: { mode: 'route' },
  aws: { mode: 'route', translateAt: 'onpremise' },
  gcp: { mode: 'route', translateAt: 'onpremise' },
}

/** The acceptance example with the gateway of a cloud; what it does not translate the other end does. */
export function cloudPeer(platform: Platform, form = cloudForms[platform]): Written {
  return {
    pools: ['192.168.0.0/16'],
    sites: {
      cloud: { subnets: ['10.0.1.0/27'], gateway: { platform, outside: { address: '203.0.113.10' } } },
      onpremise: { subnets: ['10.0.1.0/24'], gateway: gateway('vyos-1.4', '192.0.2.20') },
    },
    tunnels: [{ sites: ['cloud', 'onpremise'], ...form }],
  }
}

/** The same with both tunnels of a connection, instances or gateways. */
export function cloudUplinks(platform: Platform): Written {
  const { sites, tunnels = [], ...others } = cloudPeer(platform)
  const { cloud, onpremise } = sites
  const [first] = tunnels
  if (!cloud?.gateway || !onpremise || !first) throw new Error('no cloud')
  const uplinks = { second: { address: '203.0.113.138' } }
  return {
    ...others,
    sites: { cloud: { ...cloud, gateway: { ...cloud.gateway, uplinks } }, onpremise },
    tunnels: [first, { ...first, uplinks: { cloud: 'second' } }],
  }
}

/** Nothing collides, and the selectors name the only pair of prefixes. */
export function cloudSelectors(platform: Platform): Written {
  const { sites, tunnels = [] } = cloudPeer(platform, { proposal: 'compatible', start: 'initiate' })
  const { onpremise, ...others } = sites
  return { sites: { ...others, onpremise: { ...onpremise, subnets: ['10.0.2.0/24'] } }, tunnels }
}

/** Two peers with the same subnet, which translate nothing: rules for both ends, those for the own subnet shared. */
export function cloudHub(): Written {
  const spoke = (address: string) => ({ subnets: ['10.0.1.0/24', '10.9.0.0/16'], gateway: gateway('generic', address) })
  const { cloud } = cloudPeer('azure').sites
  if (!cloud) throw new Error('no cloud')
  return {
    pools: ['192.168.0.0/16'],
    sites: {
      hub: { ...cloud, subnets: ['10.0.1.0/27', '10.0.3.0/24'] },
      one: { ...spoke('192.0.2.1'), subnets: ['10.0.1.0/24', '10.8.0.0/16'] },
      two: spoke('192.0.2.2'),
    },
    tunnels: ['one', 'two'].map((name) => ({ sites: ['hub', name], mode: 'route', translateAt: 'hub' }) as const),
  }
}
