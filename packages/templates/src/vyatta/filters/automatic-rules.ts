import { type DeviceRule, type DeviceTunnel, type PacketMatch, RangeSet } from '@natplan/core'
import type { ConfigNode } from '../config-tree.ts'
import type { DeviceReading } from '../device-reading.ts'
import { portForwards } from '../read-port-forward.ts'
import type { AutomaticRules } from './interface-chains.ts'

/** The rules that EdgeOS makes by itself, in front of those that are written; what they take is accepted at once. */
export function automaticRules(reading: DeviceReading, tunnels: readonly DeviceTunnel[]): AutomaticRules {
  const { root } = reading
  const vpn = automaticVpn(reading, tunnels)
  return {
    forward: [...upnpRules(root), ...vpn.forward, ...forwardedPorts(reading)],
    input: [...vpn.input, ...localAccess(reading)],
  }
}

/** `auto-firewall-nat-exclude`: IKE and ESP from everywhere, and what comes in for a tunnel whose prefixes are both written. */
function automaticVpn({ root, dialect }: DeviceReading, tunnels: readonly DeviceTunnel[]): AutomaticRules {
  const node = root.at(...dialect.vpnRoot, 'auto-firewall-nat-exclude')
  if (!node?.at('enable') || tunnels.length === 0) return { forward: [], input: [] }
  const children = tunnels.flatMap((tunnel) => tunnel.children)
  return {
    forward: children
      .filter(({ kind, through }) => kind === 'protect' && through?.kind !== 'route')
      .map(({ local, remote }) =>
        accepting(node, { source: RangeSet.ofPrefixes([remote]), destination: RangeSet.ofPrefixes([local]) }),
      ),
    input: [
      accepting(node, { protocol: RangeSet.ofValues([udp]), destinationPort: RangeSet.ofValues([500, 4500]) }),
      accepting(node, { protocol: RangeSet.ofValues([esp]) }),
    ],
  }
}

/** IANA protocol numbers. */
const udp = 17
const esp = 50

/** `port-forward` with `auto-firewall`: what is for a forwarded port of a host and comes in by the WAN interface. */
function forwardedPorts(reading: DeviceReading): DeviceRule[] {
  const node = reading.root.at('port-forward')
  const wan = node?.peek('wan-interface')
  if (!node || wan === undefined || node.peek('auto-firewall') !== 'enable') return []
  return portForwards(reading).destination.flatMap((forward) => {
    const { action, match, doubt, line } = forward
    if (action.kind !== 'map') return []
    const ports = action.ports ? RangeSet.of([action.ports]) : match.destinationPort
    const asked: PacketMatch = {
      in: { names: [wan], negated: false },
      destination: RangeSet.ofPrefixes([action.to]),
      ...(match.protocol ? { protocol: match.protocol } : {}),
      ...(ports ? { destinationPort: ports } : {}),
      ...(doubt ? { unknown: doubt.what } : {}),
    }
    return [{ ...accepting(node, asked), line }]
  })
}

/** What hosts inside have opened is known at run time only. */
function upnpRules(root: ConfigNode): DeviceRule[] {
  const nodes = [root.at('service', 'upnp'), root.at('service', 'upnp2')].filter((node) => node !== undefined)
  return nodes.map((node) => accepting(node, { unknown: 'what is open by UPnP' }))
}

/** The peers of tunnels reach the gateway's own addresses; by which rules exactly is not known. */
function localAccess({ root, dialect }: DeviceReading): DeviceRule[] {
  const node = root.at(...dialect.vpnRoot, 'allow-access-to-local-interface')
  return node?.at('enable') ? [accepting(node, { arrived: 'encrypted', unknown: 'for a local address' })] : []
}

function accepting({ line }: ConfigNode, match: PacketMatch): DeviceRule {
  return { number: undefined, description: undefined, match, action: { kind: 'accept' }, line }
}
