import {
  type Device,
  type GatewayPolicy,
  type InterfaceMatch,
  type Plan,
  type RuleSet,
  tunnelName,
} from '@natplan/core'
import type { SiteConfig } from '../../configs/read-configuration.ts'
import { endAt } from './joined-tunnels.ts'
import type { RankedTunnel } from './ranked-tunnels.ts'

/** The device of a site with its tunnels under the names that the plan has for them. */
export function withPlannedNames(
  { site, device }: SiteConfig,
  { network }: Plan,
  joined: readonly RankedTunnel[],
): Device {
  const names = new Map(
    joined.flatMap((tunnel, index) => {
      const end = endAt(tunnel, site)
      const planned = network.tunnels?.[index]
      const peer = planned?.sites.find((name) => name !== site)
      return end && planned && peer ? [[end.tunnel, tunnelName(peer, planned)] as const] : []
    }),
  )
  return { ...device, tunnels: device.tunnels.map((one) => ({ ...one, name: names.get(one) ?? `other ${one.name}` })) }
}

/** The device with the virtual interfaces of its tunnels under the names that a policy has for them: what they are called decides nothing. */
export function withPlannedInterfaces(device: Device, policy: GatewayPolicy): Device {
  const names = plannedInterfaces(device, policy)
  if (names.size === 0) return device
  const nameOf = (name: string) => names.get(name) ?? name
  return {
    ...device,
    interfaces: device.interfaces.map((one) => ({ ...one, name: nameOf(one.name) })),
    routes: device.routes.map((route) => {
      const { to } = route
      return 'interface' in to && to.interface !== undefined
        ? { ...route, to: { ...to, interface: nameOf(to.interface) } }
        : route
    }),
    lists: device.lists.map((list) => ({ ...list, rules: rulesUnder(list, nameOf) })),
    tunnels: device.tunnels.map((tunnel) => ({
      ...tunnel,
      children: tunnel.children.map(({ through, ...child }) => ({
        ...child,
        through: through && { ...through, interface: nameOf(through.interface) },
      })),
    })),
  }
}

function plannedInterfaces({ tunnels }: Device, policy: GatewayPolicy): Map<string, string> {
  const names = tunnels.flatMap(({ name, children }) => {
    const planned = policy.tunnels.find(({ peer }) => peer === name)?.through
    const through = children.find((child) => child.through?.kind === 'route')?.through
    return planned?.kind === 'route' && through ? [[through.interface, planned.interface] as const] : []
  })
  return new Map(names.filter(([one, other]) => one !== other))
}

function rulesUnder({ rules }: RuleSet, nameOf: (name: string) => string): RuleSet['rules'] {
  const under = (match: InterfaceMatch) => ({ ...match, names: match.names.map(nameOf) })
  return rules.map((rule) => ({
    ...rule,
    match: {
      ...rule.match,
      ...(rule.match.in ? { in: under(rule.match.in) } : {}),
      ...(rule.match.out ? { out: under(rule.match.out) } : {}),
    },
  }))
}
