import type { RuleList } from '../../device/device.ts'
import type { Finding } from '../../finding.ts'
import type { Packet } from '../../match/packet.ts'
import type { ConnectionState } from '../../match/packet-match.ts'
import { icmp, icmpv6, tcp, usualPorts } from '../../match/protocols.ts'
import type { Passage } from '../../match/takes.ts'
import { Tracked } from '../../match/tracked.ts'
import { isOfFamily, verdictsOf } from '../../trace/ask-filters.ts'
import { askSet, type Decider, deciderName } from '../../trace/ask-set.ts'
import { keepsMark, outsideOf, tunnelEntry } from '../../trace/entries.ts'
import { fallbackPlace } from '../../trace/explain-ending.ts'
import { tablesOf } from '../../trace/gateway-tables.ts'
import { notInside } from '../../trace/passing.ts'
import type { WorldSite } from '../../world/world.ts'
import { filterRuleName } from '../filter-rules.ts'
import { sourcesOf } from '../intended-flows.ts'
import { findingAt, type Subject } from '../subject.ts'
import { type Carried, carriedBy } from '../tunnel-rules.ts'
import { isClamped } from './segment-size.ts'

/** A filter that lets the packets of a connection pass lets the errors about them pass as well: path MTU discovery needs them. */
export function errorsComeThrough(subject: Subject): Finding[] {
  return subject.sites.flatMap((site) => {
    const { file } = site.device
    const lists = tablesOf(site).filters.filter(({ hook }) => hook === 'forward' || hook === 'output')
    if (file === undefined || lists.length === 0) return []
    const told = new Map<object, Finding>()
    for (const carried of carriedBy(site)) {
      for (const list of lists) {
        const losing = waysOf(site, carried, list).map((way) => losingErrors(list, way))
        for (const { dropping, accepting } of losing.flatMap((one) => one ?? [])) {
          const thing = dropping.rule ?? dropping.set
          if (!told.has(thing)) told.set(thing, dropsErrors({ site, carried, dropping, accepting, subject }))
        }
      }
    }
    return [...told.values()]
  })
}

/** How packets of a tunnel come to a filter. */
interface WayThrough {
  readonly source: Packet['source']
  readonly destination: Packet['destination']
  readonly isDecrypted: boolean | undefined
  readonly passage: Passage
}

/** Out of the tunnel and into it; in the output chain, what the gateway itself tells a host that sent too much at once. */
function waysOf(site: WorldSite, carried: Carried, list: RuleList): WayThrough[] {
  const { child, tunnel } = carried
  const real = sourcesOf(site, child).find(({ family }) => family === child.remote.family)
  if (!real || child.remote.length === 0) return []
  const [host, peer] = [Tracked.fixed(real.first.bits), Tracked.fixed(child.remote.first.bits)]
  const inside = { name: site.sides.inside, isNot: notInside(site) }
  if (list.hook === 'output') {
    const own = ownAddress(site, real.family)
    const passage = { in: undefined, out: inside, isEncrypting: false }
    return own ? [{ source: Tracked.fixed(own.bits), destination: host, isDecrypted: false, passage }] : []
  }
  const outside = child.through ? { name: child.through.interface, isNot: [] } : outsideOf(site, tunnel)
  const isEncrypting = child.through === undefined && child.local.contains(real)
  return [
    {
      source: peer,
      destination: host,
      isDecrypted: keepsMark(site, child),
      passage: { in: tunnelEntry(site, carried), out: inside, isEncrypting: false },
    },
    { source: host, destination: peer, isDecrypted: false, passage: { in: inside, out: outside, isEncrypting } },
  ]
}

function ownAddress({ device, sides }: WorldSite, family: 4 | 6) {
  return device.interfaces
    .filter(({ name }) => name === sides.inside)
    .flatMap(({ addresses }) => addresses.flatMap((one) => (one.kind === 'known' ? [one.address] : [])))
    .find((address) => address.family === family)
}

interface Losing {
  readonly dropping: Decider
  readonly accepting: Decider
}

/** Who drops the errors about packets that a rule accepts because they are established. */
function losingErrors(list: RuleList, way: WayThrough): Losing | undefined {
  if (!isOfFamily(list, packetOf(way, 'established'))) return undefined
  const { dropping, accepting } = verdictsOf(askSet(list, packetOf(way, 'related'), way.passage))
  if (!dropping || accepting) return undefined
  const later = verdictsOf(askSet(list, packetOf(way, 'established'), way.passage))
  const isByState = later.accepting?.rule?.match.states?.includes('established')
  return later.accepting && !later.dropping && isByState ? { dropping, accepting: later.accepting } : undefined
}

/** What tells that a packet was too big, of ICMP (RFC 792, code 4) and ICMPv6 (RFC 4443). */
const tooBig = { 4: 3, 6: 2 } as const

function packetOf({ source, destination, isDecrypted }: WayThrough, state: ConnectionState): Packet {
  const family = typeof source.value === 'number' ? 4 : 6
  const isError = state === 'related'
  return {
    source,
    destination,
    protocol: Tracked.fixed(isError ? (family === 4 ? icmp : icmpv6) : tcp),
    sourcePort: Tracked.fixed(isError ? 0 : usualPorts.destination),
    destinationPort: Tracked.fixed(isError ? 0 : usualPorts.source),
    icmpType: tooBig[family],
    state,
    isDecrypted,
  }
}

function dropsErrors({
  site,
  carried: { tunnel },
  dropping,
  accepting,
  subject: { pairs },
}: Losing & { readonly site: WorldSite; readonly carried: Carried; readonly subject: Subject }): Finding {
  const { set, rule } = dropping
  const name = rule ? filterRuleName(rule, set) : deciderName(dropping)
  const pair = pairs.find(({ here, there }) => here.tunnel === tunnel || there.tunnel === tunnel)
  const isLimited = pair !== undefined && isClamped(pair.here, pair.there)
  const effect = isLimited
    ? 'TCP is limited to what fits through the tunnel, but other large packets are lost silently'
    : 'nothing that natplan knows of clamps the MSS to what fits through the tunnel, so large transfers stall'
  const by = accepting.rule ? filterRuleName(accepting.rule, accepting.set) : accepting.set.name
  return findingAt('FILTER_DROPS_RELATED', {
    site,
    at: rule ?? fallbackPlace(set),
    about: { tunnel: tunnel.name },
    message: `${name} of ${site.name} drops ICMP errors about connections that are established: ${effect}`,
    hint: `let ${by} accept related as well as established packets`,
  })
}
