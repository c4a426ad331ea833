import type { GatewayPlan } from '../../../packages/cli/src/lab/topology.ts'
import { watchRules } from '../../../packages/cli/src/lab/watch.ts'
import { internet } from './fate.ts'
import type { GatewayState, HostState, NatBox, Network } from './network.ts'

/** A host of nobody's, which answers. */
export const internetAddress = '198.51.100.1'

/** What does not change when gateways are configured otherwise. */
export interface Wiring {
  readonly links: readonly (readonly [LinkEnd, LinkEnd])[]
  readonly machines: readonly WiredMachine[]
}

export type LinkEnd = readonly [machine: string, device: string]

interface WiredMachine {
  readonly name: string
  readonly isHost?: boolean
  readonly settings: Readonly<Record<string, string>>
  readonly rules: string
  readonly lines: readonly string[]
}

export interface Uplink {
  readonly address: string
  readonly gateway: string
}

const siteNames = ['a', 'b', 'c']

/** The network of each uplink is its own (RFC 5737). */
export function uplinkOf(site: string, number: 0 | 1): Uplink {
  const index = siteNames.indexOf(site)
  const network = number === 0 ? '203.0.113' : '192.0.2'
  return { address: `${network}.${16 * index + 10}`, gateway: `${network}.${16 * index + 1}` }
}

/** No host has a second way, and no gateway filters: what happens is what routes, rules and policies say. */
const settings = {
  'net/ipv6/conf/all/disable_ipv6': '1',
  'net/ipv6/conf/default/disable_ipv6': '1',
  'net/ipv4/conf/all/rp_filter': '0',
  'net/ipv4/conf/default/rp_filter': '0',
} as const
const forwarding = { ...settings, 'net/ipv4/ip_forward': '1', 'net/ipv4/conf/all/send_redirects': '0' } as const

export function wiringOf({ gateways, hosts, natBox }: Network): Wiring {
  const uplinks = gateways.flatMap((gateway) =>
    gateway.uplinks.map((device, number) => ({ gateway, device, number: number === 0 ? (0 as const) : (1 as const) })),
  )
  const inFront = ({ site }: GatewayState) => (site === natBox?.site ? natBox : undefined)
  const links = [
    ...uplinks.flatMap(({ gateway, device, number }): (readonly [LinkEnd, LinkEnd])[] => {
      const far: LinkEnd = [internet, deviceFor(gateway, number)]
      const near: LinkEnd = [gateway.machine, device]
      if (number === 1 || !inFront(gateway)) return [[near, far]]
      return [
        [near, ['nat-box', 'inside']],
        [['nat-box', 'outside'], far],
      ]
    }),
    ...gateways.flatMap((gateway) =>
      gateway.inside.flatMap((device, index): (readonly [LinkEnd, LinkEnd])[] => {
        const host = hosts.filter(({ site }) => site === gateway.site)[index]
        return host
          ? [
              [
                [gateway.machine, device],
                [host.machine, 'eth0'],
              ],
            ]
          : []
      }),
    ),
  ]
  const known = [
    ...uplinks.map(({ gateway, number }) => uplinkOf(gateway.site, number).address),
    ...(natBox ? [natBox.gateway, natBox.outside] : []),
  ]
  return {
    links,
    machines: [
      internetMachine(uplinks, known),
      ...(natBox ? [natBoxMachine(natBox, known)] : []),
      ...gateways.map((gateway) => gatewayMachine(gateway)),
      ...hosts.map(hostMachine),
    ],
  }
}

function deviceFor({ site }: Pick<GatewayState, 'site'>, number: 0 | 1): string {
  return `${site}${number}`
}

function rulesFor(name: string, kind: 'internet' | 'gateway' | 'host', known: readonly string[]): string {
  const gateways = known.map((address): GatewayPlan => ({ site: '', machine: '', platform: 'linux', address }))
  return watchRules({ name, kind, site: undefined, addresses: [], commands: [], settings: {} }, { gateways })
}

function internetMachine(
  uplinks: readonly { readonly gateway: GatewayState; readonly number: 0 | 1 }[],
  known: readonly string[],
): WiredMachine {
  const lines = uplinks.flatMap(({ gateway, number }) => {
    const device = deviceFor(gateway, number)
    return [`link set ${device} up`, `address add ${uplinkOf(gateway.site, number).gateway}/28 dev ${device}`]
  })
  return {
    name: internet,
    settings: forwarding,
    rules: rulesFor(internet, 'internet', known),
    lines: [`address add ${internetAddress}/32 dev lo`, ...lines],
  }
}

function natBoxMachine({ site, inside, outside, gateway }: NatBox, known: readonly string[]): WiredMachine {
  const nat = `table ip nat {
	chain prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		iifname "outside" ip daddr ${outside} udp dport { 500, 4500 } dnat to ${gateway}
	}
	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "outside" masquerade
	}
}
`
  return {
    name: 'nat-box',
    settings: forwarding,
    rules: `${rulesFor('nat-box', 'internet', known)}${nat}`,
    lines: [
      'link set inside up',
      'link set outside up',
      `address add ${inside}/24 dev inside`,
      `address add ${outside}/28 dev outside`,
      `route add default via ${uplinkOf(site, 0).gateway} dev outside`,
    ],
  }
}

/** The rest of a gateway is its configuration. */
function gatewayMachine({ machine, inside, uplinks }: GatewayState): WiredMachine {
  const lines = [...inside, ...uplinks].map((device) => `link set ${device} up`)
  return { name: machine, settings: forwarding, rules: rulesFor(machine, 'gateway', []), lines }
}

function hostMachine({ machine, addresses, prefix, gateway }: HostState): WiredMachine {
  const [own, ...more] = addresses
  return {
    name: machine,
    isHost: true,
    settings,
    rules: rulesFor(machine, 'host', []),
    lines: [
      'link set eth0 up',
      `address add ${own}/${prefix.length} dev eth0`,
      ...more.map((address) => `address add ${address}/32 dev eth0`),
      `route add default via ${gateway} dev eth0`,
    ],
  }
}
