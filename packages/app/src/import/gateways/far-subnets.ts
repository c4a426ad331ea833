import { type DeviceRoute, interfaceOfRoute, Prefix, type WrittenSite } from '@natplan/core'
import { carriedBy, type JoinedTunnel } from './joined-tunnels.ts'

type WrittenSubnet = WrittenSite['subnets'][number]

export interface FarSubnet {
  readonly written: WrittenSubnet
  readonly text: string
  readonly line: number | undefined
}

/** What one end of a tunnel says of the networks behind the other one: by its selectors, or by the routes into the tunnel. */
export function farSubnets({ here }: JoinedTunnel): FarSubnet[] {
  const { device } = here.site
  const found = carriedBy(here).flatMap(({ child, wire, isHidden }): FarSubnet[] => {
    if (child.remote.length > 0) {
      const text = `a selector of ${here.site.name} names it`
      return [{ written: calledHere(wire, child.remote, isHidden), text, line: child.line }]
    }
    const leading = device.routes.filter(
      (route) => leadsInto(route, child.through?.interface) && route.prefix.length > 0,
    )
    return leading
      .filter(({ prefix }) => prefix.family === child.remote.family)
      .filter((route) => interfaceOfRoute(device, route) === child.through?.interface)
      .map(({ prefix, line }) => ({
        written: String(prefix),
        text: `${here.site.name} routes it into the tunnel`,
        line,
      }))
  })
  return widest(found)
}

function leadsInto({ to }: DeviceRoute, name: string | undefined): boolean {
  return name !== undefined && (to.kind === 'interface' || to.kind === 'via')
}

function calledHere(wire: Prefix, visible: Prefix, isHidden: true | undefined): WrittenSubnet {
  if (wire.equals(visible)) return String(wire)
  if (!isHidden) return { prefix: String(wire), translateTo: String(visible) }
  const hideBehind = visible.bits === visible.lastBits ? String(visible.first) : String(visible)
  return { prefix: String(wire), hideBehind }
}

export function prefixOfSubnet(subnet: WrittenSubnet): string {
  return typeof subnet === 'string' ? subnet : subnet.prefix
}

/** Each once, without those that lie in others. */
function widest(all: readonly FarSubnet[]): FarSubnet[] {
  const kept: FarSubnet[] = []
  for (const one of all) {
    const text = prefixOfSubnet(one.written)
    const isInside = all.some((other) => isWithin(text, prefixOfSubnet(other.written)))
    if (!isInside && !kept.some((other) => prefixOfSubnet(other.written) === text)) kept.push(one)
  }
  return kept
}

function isWithin(inner: string, outer: string): boolean {
  return inner !== outer && Prefix.parse(outer).contains(Prefix.parse(inner))
}
