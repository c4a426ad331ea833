import { Address } from '../../address/address.ts'
import type { Prefix } from '../../address/prefix.ts'
import type { Written } from '../../device/device.ts'
import type { Finding } from '../../finding.ts'
import type { Packet } from '../../match/packet.ts'
import { tcp, usualPorts } from '../../match/protocols.ts'
import { Tracked } from '../../match/tracked.ts'
import type { Platform } from '../../network/platforms.ts'
import { isOfFamily, verdictsOf } from '../../trace/ask-filters.ts'
import { askSet, type Decider } from '../../trace/ask-set.ts'
import { outsideOf } from '../../trace/entries.ts'
import { fallbackPlace } from '../../trace/explain-ending.ts'
import { tablesOf } from '../../trace/gateway-tables.ts'
import { notInside } from '../../trace/passing.ts'
import type { WorldSite } from '../../world/world.ts'
import { filterRuleName } from '../filter-rules.ts'
import { sourcesOf } from '../intended-flows.ts'
import { findingAt, type Subject } from '../subject.ts'
import { type Carried, carriedBy } from '../tunnel-rules.ts'

/** What a filter accepts because of a tunnel's addresses, it accepts only out of the tunnel. */
export function clearPacketsStayOut({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => {
    if (site.device.file === undefined || !site.device.lists.some(isOnTheWay)) return []
    const told = new Map<object, Finding>()
    for (const carried of carriedBy(site)) {
      for (const real of exposedBehind(site, carried)) {
        const accepting = admitting(site, carried, real)
        const thing = accepting?.rule ?? accepting?.set
        if (accepting && thing && !told.has(thing)) told.set(thing, admits(site, carried, { real, ...accepting }))
      }
    }
    return [...told.values()]
  })
}

function isOnTheWay({ kind, hook }: WorldSite['device']['lists'][number]): boolean {
  return kind === 'filter' && (hook === 'forward' || hook === 'prerouting')
}

/**
 * The hosts that somebody in front of the gateway could reach in a peer's name: where the selectors hold their real addresses, the kernel
 * itself drops what should have come encrypted.
 */
function exposedBehind(site: WorldSite, { child }: Carried): Prefix[] {
  if (child.through !== undefined) return []
  return sourcesOf(site, child).filter((real) => !child.local.contains(real))
}

/** Who accepts a packet from the peer's addresses that comes in clear, at a gateway that lets no stranger's pass. */
function admitting(site: WorldSite, carried: Carried, real: Prefix): Decider | undefined {
  const { remote } = carried.child
  if (remote.length === 0 || remote.family !== real.family) return undefined
  const from = (source: Address) => verdictOn(site, carried, { source, destination: hostOf(real) })
  const stranger = from(remote.family === 4 ? strangers[4] : strangers[6])
  return stranger === undefined ? undefined : stranger.isDropped ? from(hostOf(remote))?.accepting : undefined
}

/** Documentation addresses that no peer has (RFC 5737, RFC 3849). */
const strangers = { 4: Address.parse('203.0.113.254'), 6: Address.parse('2001:db8:ffff::fffe') }

function hostOf(prefix: Prefix): Address {
  return prefix.bits === prefix.lastBits ? prefix.first : prefix.at(prefix.family === 4 ? 1 : 1n)
}

interface Verdict {
  readonly isDropped: boolean
  /** The last that accepted it by a rule. */
  readonly accepting: Decider | undefined
}

/** What the filters say of the first packet of a connection over the outside interface; `undefined` where nobody knows. */
function verdictOn(
  site: WorldSite,
  { tunnel }: Carried,
  ends: { readonly source: Address; readonly destination: Address },
): Verdict | undefined {
  const packet: Packet = {
    source: Tracked.fixed(ends.source.bits),
    destination: Tracked.fixed(ends.destination.bits),
    protocol: Tracked.fixed(tcp),
    sourcePort: Tracked.fixed(usualPorts.source),
    destinationPort: Tracked.fixed(usualPorts.destination),
    icmpType: 0,
    state: 'new',
    isDecrypted: false,
  }
  const incoming = {
    in: outsideOf(site, tunnel),
    isEncrypting: false,
    translated: { source: false, destination: false },
  }
  let last: Decider | undefined
  for (const list of tablesOf(site).filters) {
    if (!isOnTheWay(list) || !isOfFamily(list, packet)) continue
    const out = list.hook === 'forward' ? { name: site.sides.inside, isNot: notInside(site) } : undefined
    const { dropping, accepting } = verdictsOf(askSet(list, packet, { ...incoming, out }))
    if (dropping && accepting) return undefined
    if (dropping) return { isDropped: true, accepting: undefined }
    if (accepting?.rule) last = accepting
  }
  return { isDropped: false, accepting: last }
}

/** How a rule asks for what came encrypted. */
const words: Readonly<Partial<Record<Platform, string>>> = {
  'vyos-1.5': 'ipsec match-ipsec-in',
  'vyos-1.4': 'ipsec match-ipsec',
  'vyos-1.3': 'ipsec match-ipsec',
  edgeos: 'ipsec match-ipsec',
  'vyatta-5400': 'ipsec match-ipsec',
  linux: 'meta ipsec exists, or -m policy --dir in --pol ipsec',
}

function admits(
  site: WorldSite,
  { child, tunnel }: Carried,
  { real, set, rule }: Decider & { readonly real: Prefix },
): Finding {
  const at: Written = rule ?? fallbackPlace(set)
  const name = rule ? filterRuleName(rule, set) : set.name
  const word = words[site.device.platform]
  return findingAt('FILTER_ADMITS_CLEAR', {
    site,
    at,
    about: { tunnel: tunnel.name, range: `${child.remote} → ${real}` },
    message: `${name} of ${site.name} accepts packets from ${child.remote} to ${real} that arrive in clear as well: anybody outside the gateway can send them`,
    hint: `let it ask for what came encrypted${word === undefined ? '' : ` (${word})`}`,
  })
}
