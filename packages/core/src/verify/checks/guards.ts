import { firstOf } from '../../address/bits.ts'
import { Prefix } from '../../address/prefix.ts'
import type { Device, DeviceRoute, DeviceRule, DeviceTunnel, RuleList, TunnelChild } from '../../device/device.ts'
import { interfaceOfRoute, mainTable, onwardOf } from '../../device/next-hop.ts'
import type { Finding } from '../../finding.ts'
import { type Box, boxOfMatch, Effort, meet, subtractFromAll } from '../../match/box.ts'
import type { InterfaceMatch } from '../../match/packet-match.ts'
import { RangeSet } from '../../match/range-set.ts'
import { isNamed } from '../../match/takes.ts'
import type { Platform } from '../../network/platforms.ts'
import { abilities } from '../../policy/abilities.ts'
import type { WorldSite } from '../../world/world.ts'
import { groupedBy } from '../grouped-by.ts'
import { sourcesOf } from '../intended-flows.ts'
import { losingRoutes } from '../losing-routes.ts'
import { findingAt, type Subject } from '../subject.ts'
import { childBox } from '../translations.ts'

/** Nothing leaves unencrypted while a tunnel is down. */
export function tunnelsHoldPackets({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => {
    const { file, tunnels } = site.device
    if (file === undefined || dropsByItself(site)) return []
    return tunnels.flatMap((tunnel) => {
      const open = tunnel.children.find((child) => !isHeld(site, tunnel, child))
      if (!open) return []
      return findingAt('TUNNEL_MAY_LEAK', {
        site,
        at: tunnel,
        about: { peer: tunnel.name, tunnel: tunnel.name, selector: `${open.local} ↔ ${open.remote}` },
        message: `while the tunnel ${tunnel.name} of ${site.name} is down, packets for it leave unencrypted: nothing holds them back`,
        hint:
          open.through?.kind === 'route'
            ? hintForRoutes(open.through.interface)
            : hintFor(site.device.platform, tunnel),
      })
    })
  })
}

/** A data plane asks the selectors itself and drops what has no tunnel. */
function dropsByItself({ device: { order } }: WorldSite): boolean {
  return order.some((stage) => stage.kind === 'selectors' && stage.how === 'take')
}

/** A trap needs a peer whose address is known; behind a virtual interface routes decide. */
function isHeld(site: WorldSite, tunnel: DeviceTunnel, child: TunnelChild): boolean {
  if (child.kind !== 'protect') return true
  if (child.through?.kind === 'route')
    return isHeldByRoutes(site, child, losingRoutes(site.device, tunnel)) || isGuarded(site, child)
  return (child.start === 'trap' && hasTrap(tunnel)) || isGuarded(site, child)
}

/** Reports whether what is left leads nowhere when all tunnels are down, and the routes into them gone. */
function isHeldByRoutes({ device, sides }: WorldSite, { remote }: TunnelChild, name: string | undefined): boolean {
  if (name === undefined) return true
  const { into, staying } = routesWhenDown(device)
  const own = (into.get(name) ?? []).filter(({ prefix }) => prefix.length > 0 && prefix.overlaps(remote))
  return own.every(({ prefix, table }) => {
    const next = nextAround(staying, table, prefix)
    if (!next) return table !== mainTable || sides.uplinks.length === 0
    const onward = onwardOf(device, next)
    if (onward.kind === 'unknown') return next.prefix.length > 0
    return onward.kind !== 'interface' || !sides.uplinks.includes(onward.interface)
  })
}

/** What becomes of a device's routes when all tunnels are down. */
interface RoutesWhenDown {
  /** Those that go, by the interface that they lead to. */
  readonly into: ReadonlyMap<string, readonly DeviceRoute[]>
  /** The nearest of those that stay, by table and prefix. */
  readonly staying: ReadonlyMap<string, DeviceRoute>
}

const whenDown = new WeakMap<Device, RoutesWhenDown>()

function routesWhenDown(device: Device): RoutesWhenDown {
  const found = whenDown.get(device)
  if (found) return found
  const losing = new Set(device.tunnels.map((tunnel) => losingRoutes(device, tunnel)))
  losing.delete(undefined)
  const going = device.routes.filter((route) => losing.has(interfaceOfRoute(device, route)))
  const staying = new Map<string, DeviceRoute>()
  const gone = new Set(going)
  for (const route of device.routes.filter((one) => !gone.has(one))) {
    const key = `${route.table} ${route.prefix}`
    const known = staying.get(key)
    if (!known || route.distance < known.distance) staying.set(key, route)
  }
  const made = { into: groupedBy(going, (route) => interfaceOfRoute(device, route) ?? ''), staying }
  whenDown.set(device, made)
  return made
}

function nextAround(staying: RoutesWhenDown['staying'], table: string, prefix: Prefix): DeviceRoute | undefined {
  for (let length = prefix.length; length >= 0; length--) {
    const found = staying.get(`${table} ${Prefix.fromBits(firstOf(prefix.bits, length), length)}`)
    if (found) return found
  }
  return undefined
}

function hintForRoutes(name: string): string {
  return `add blackhole routes with a larger distance for what is routed into ${name}: they hold packets while it is down`
}

function hasTrap({ remote: { address } }: DeviceTunnel): boolean {
  return address.kind === 'known' || address.kind === 'host'
}

/** Words of each platform for a trap; those that are missing have none. */
const trapWords: Readonly<Partial<Record<Platform, string>>> = {
  'vyos-1.5': 'connection-type trap',
  'vyos-1.4': 'connection-type respond',
  'vyos-1.3': 'connection-type respond',
  linux: 'start_action = trap in swanctl.conf (auto = route in ipsec.conf)',
}

/** The same for a rule that drops what is not encrypted. */
const dropWords: Readonly<Partial<Record<Platform, string>>> = { linux: 'nft: rt ipsec missing' }

function hintFor(platform: Platform, tunnel: DeviceTunnel): string {
  const word = trapWords[platform]
  const drop = 'drop unencrypted packets to the prefixes of the peer in the firewall of the outside interface'
  if (word !== undefined && hasTrap(tunnel)) return `set ${word}: a trap holds such packets back`
  const { routed } = abilities[platform]
  const canRoute = routed && (!routed.needsAddresses || hasTrap(tunnel))
  const words = dropWords[platform]
  const how = words === undefined ? drop : `${drop} (${words})`
  return canRoute ? `${how}, or have routes lead into a virtual interface (mode: route in the plan)` : how
}

/** Reports whether a filter drops everything that a child would carry when it leaves in clear over the first uplink. */
function isGuarded(site: WorldSite, child: TunnelChild): boolean {
  const after = childBox(child)
  const before = { ...after, source: RangeSet.ofPrefixes(sourcesOf(site, child)) }
  return site.device.lists
    .filter(({ kind, hook }) => kind === 'filter' && (hook === 'forward' || hook === 'postrouting'))
    .some((list) => drops(list, isAfterNat(list) ? after : before, site))
}

/** Source NAT is done at priority 100 of postrouting (linux/netfilter_ipv4.h). */
function isAfterNat({ hook, priority }: RuleList): boolean {
  return hook === 'postrouting' && priority >= 100
}

function drops(list: RuleList, box: Box, site: WorldSite): boolean {
  const effort = new Effort()
  const family = box.destination.boundsOf('bigint') ? 6 : 4
  if (list.family !== undefined && list.family !== family) return false
  let left = [box]
  for (const rule of list.rules) {
    const own = boxOfMatch(rule.match, family)
    if (isAskedNever(rule, site) || !left.some((piece) => meet(piece, own))) continue
    if (!isDrop(rule) || !isAskedAlways(rule, site)) {
      // What is let through, or may be, is not held here.
      if (rule.action.kind !== 'drop' && rule.action.kind !== 'reject') return false
      continue
    }
    const rest = subtractFromAll(left, [own], effort)
    if (!rest) return false
    left = rest
  }
  return left.length === 0 || list.fallback === 'drop' || list.fallback === 'reject'
}

function isDrop({ action, doubt }: DeviceRule): boolean {
  return doubt === undefined && (action.kind === 'drop' || action.kind === 'reject')
}

function isAskedNever({ match }: DeviceRule, { sides }: WorldSite): boolean {
  return match.leaving === 'encrypted' || match.arrived === 'encrypted' || !takesName(match.out, sides.uplinks[0])
}

function isAskedAlways({ match }: DeviceRule, { sides }: WorldSite): boolean {
  const asksMore = [match.states, match.icmpType, match.tcpFlags, match.translated, match.unknown].some(
    (one) => one !== undefined,
  )
  return !asksMore && takesName(match.out, sides.uplinks[0]) && takesName(match.in, sides.inside)
}

/** Where the interface is not known, a rule that names one is taken to mean it. */
function takesName(match: InterfaceMatch | undefined, name: string | undefined): boolean {
  if (!match || name === undefined) return true
  return match.names.some((written) => isNamed(written, name)) !== match.negated
}
