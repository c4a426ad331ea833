import { knownOf } from '../address/named-address.ts'
import { Prefix } from '../address/prefix.ts'
import { type Finding, findingOf, formatPath, inPlan, type Path } from '../finding.ts'
import type { Tunnel } from './network.ts'
import type { PartialNetwork, PartialSite } from './partial-network.ts'

interface Use {
  readonly prefix: Prefix
  readonly what: string
  readonly path: Path
}

/** The two addresses of a link are on gateways, which then have a route for them: nothing else may be called so. */
export function linksAreFree(network: PartialNetwork): Finding[] {
  const linked = (network.tunnels ?? []).flatMap((tunnel) => {
    const link = linkOf(tunnel)
    return link ? [{ link, sites: tunnel.sites, path: [...tunnel.path, 'link'] }] : []
  })
  const uses = linked.length === 0 ? [] : [...network.sites.values()].flatMap(usesAt)
  return linked.flatMap(({ link, sites, path }, index) => {
    const others = linked
      .slice(0, index)
      .filter((other) => other.sites.some((end) => sites.includes(end)))
      .map((other) => ({
        prefix: other.link,
        what: `the link of ${formatPath(other.path.slice(0, -1))}`,
        path: other.path,
      }))
    const use = [...uses, ...others].find(({ prefix }) => prefix.overlaps(link))
    if (!use) return []
    return [
      findingOf('TUNNEL_KEYS_UNFIT', inPlan(path), {
        message: `${link} meets ${use.prefix}, ${use.what}`,
        hint: 'name a network that nothing else uses, such as another /30 of 169.254.0.0/16',
        related: [{ place: inPlan(use.path), message: `${use.prefix} is here` }],
      }),
    ]
  })
}

export function linkOf({ form }: Pick<Tunnel, 'form'>): Prefix | undefined {
  return form.mode === 'route' ? form.link : undefined
}

function usesAt({ name, subnets, reserved, gateway }: PartialSite): Use[] {
  const ends = gateway
    ? [
        { end: gateway.outside, path: [...gateway.path, 'outside'] },
        ...[...gateway.uplinks.values()].map((uplink) => ({ end: uplink, path: uplink.path })),
      ]
    : []
  return [
    ...subnets.flatMap(({ prefix, translateTo, hideBehind, path }) => [
      ...(prefix ? [{ prefix, what: `a subnet of ${name}`, path }] : []),
      ...[translateTo, hideBehind].flatMap((one) =>
        one ? [{ prefix: one, what: `what peers call a subnet of ${name}`, path }] : [],
      ),
    ]),
    ...reserved.map(({ prefix, path }) => ({ prefix, what: `which is in use at ${name}`, path })),
    ...ends.flatMap(({ end, path }) =>
      knownOf([end.address, end.publicAddress].filter((one) => one !== undefined)).map((address) => ({
        prefix: Prefix.of(address),
        what: `an outside address of ${name}`,
        path,
      })),
    ),
  ]
}
