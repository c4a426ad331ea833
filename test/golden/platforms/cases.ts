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
