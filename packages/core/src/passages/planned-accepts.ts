import { Prefix } from '../address/prefix.ts'
import type { RuleList, WrittenSet } from '../device/device.ts'
import type { FirewallRole, FirewallSet } from '../network/network.ts'
import type { GatewayPolicy } from '../policy/gateway-policy.ts'
import { type Accept, asRules, type PrefixGroup } from '../verify/accepts.ts'
import { type FilterPlace, filterPlaces, type Passage } from './passages.ts'

/** How a platform writes a set; `other`: it is for the other family; `undefined`: natplan cannot write rules of that family. */
export type WrittenPath = (name: string, family: 4 | 6) => WrittenSet['path'] | 'other' | undefined

/** The rules that sets of a gateway's own firewall get, so that all packets of the tunnels pass them: a few in each, however many peers there are. */
export function plannedAccepts(
  policy: GatewayPolicy,
  sets: readonly FirewallSet[],
  writtenPath: WrittenPath,
): Accept[] {
  const places = filterPlaces(policy)
  const lists = new Map<string, RuleList>()
  const used = new Map<string, number>()
  return sets.flatMap(({ role, name, first }) => {
    const own = placesFor(role, places)
    const [place] = own
    if (!place) return []
    return ([4, 6] as const).flatMap((family) => {
      const path = writtenPath(name, family)
      const rules = path === 'other' ? [] : own.flatMap((one) => rulesAt(one, family))
      return rules
        .flatMap((rule) => asRules(policy.platform, rule))
        .map((rule): Accept => {
          const key = `${name} ${family}`
          const list = lists.get(key) ?? listOf(name, { place, path: path === 'other' ? undefined : path })
          lists.set(key, list)
          const number = used.get(key) ?? first
          used.set(key, number + 1)
          return { site: policy.site, list, set: list, before: undefined, number, ...rule }
        })
    })
  })
}

const roles: Readonly<Record<FirewallRole, Pick<FilterPlace, 'way'> & { readonly isOwn: boolean }>> = {
  fromPeers: { way: 'in', isOwn: false },
  toPeers: { way: 'out', isOwn: false },
  gatewayIn: { way: 'in', isOwn: true },
  gatewayOut: { way: 'out', isOwn: true },
}

/**
 * Filters ask amid the translations. Where a platform asks in front of them and behind, a set could stand at either place: it gets the rules
 * of both.
 */
function placesFor(role: FirewallRole, places: readonly FilterPlace[]): FilterPlace[] {
  const { way, isOwn } = roles[role]
  const at = (...positions: readonly FilterPlace['position'][]) =>
    positions.flatMap((position) => places.filter((place) => place.position === position && place.way === way))
  if (isOwn) return joined(at('own'))
  const amid = at('amid')
  return amid.length > 0 ? amid : at('before', 'after')
}

/** One set is asked about the packets of every uplink. */
function joined([first, ...others]: readonly FilterPlace[]): FilterPlace[] {
  if (!first) return []
  return [{ ...first, passages: [first, ...others].flatMap(({ passages }) => passages) }]
}

function listOf(
  name: string,
  { place, path }: { readonly place: FilterPlace; readonly path: WrittenSet['path'] | undefined },
): RuleList {
  return {
    name,
    hook: place.hooks.includes('forward') ? 'forward' : (place.hooks[0] ?? 'forward'),
    priority: 0,
    kind: 'filter',
    rules: [],
    fallback: 'drop',
    line: undefined,
    ...(path ? { written: { path, numbers: [] } } : {}),
  }
}

type Rule = Omit<Accept, 'site' | 'list' | 'set' | 'before' | 'number'>

function rulesAt(place: FilterPlace, family: 4 | 6): Rule[] {
  const passages = place.passages.filter(({ source }) => source.family === family)
  if (passages.length === 0) return []
  // The hosts that ports lead to are some of those that answers go to.
  const ofHosts = passages.filter(({ protocol }) => protocol === undefined)
  return place.position === 'own' ? ownRules(place, passages) : [hostRule(place, ofHosts)]
}

function ownRules({ way }: FilterPlace, passages: readonly Passage[]): Rule[] {
  const protocols = [...new Set(passages.flatMap(({ protocol }) => protocol ?? []))]
  return protocols.map((protocol) => {
    const own = passages.filter((one) => one.protocol === protocol)
    const ports = [...new Set(own.flatMap((one) => one.ports))].sort((a, b) => a - b)
    const [here, ...further] = [...new Map(own.map(({ source }) => [String(source), source])).values()]
    const peers = own.map((one) => (way === 'in' ? one.source : one.destination))
    const ends =
      way === 'in'
        ? {
            source: undefined,
            destination: undefined,
            ...(isAny(peers) ? {} : { sources: groupOf('gateways', peers) }),
          }
        : {
            source: !here || further.length > 0 || isAny([here]) ? undefined : here,
            destination: undefined,
            ...(isAny(peers) ? {} : { destinations: groupOf('gateways', peers) }),
          }
    return { ...ends, protocol, ports, arrived: undefined }
  })
}

/** With one gateway that may be anywhere, its packets may come from everywhere. */
function isAny(prefixes: readonly Prefix[]): boolean {
  return prefixes.some(({ length }) => length === 0)
}

function hostRule({ way, position, showsEncrypted }: FilterPlace, passages: readonly Passage[]): Rule {
  const isTranslated = way === 'out' ? position === 'after' : position === 'before'
  const [near, far] = way === 'in' ? (['peers', 'own'] as const) : (['own', 'peers'] as const)
  const nameOf = (side: 'own' | 'peers') => (side === 'own' && isTranslated ? 'own-translated' : side)
  return {
    source: undefined,
    destination: undefined,
    sources: groupOf(
      nameOf(near),
      passages.map(({ source }) => source),
    ),
    destinations: groupOf(
      nameOf(far),
      passages.map(({ destination }) => destination),
    ),
    protocol: undefined,
    ports: [],
    arrived: showsEncrypted ? { kind: 'encrypted' } : undefined,
  }
}

function groupOf(name: string, prefixes: readonly Prefix[]): PrefixGroup {
  const unique = new Map(prefixes.map((prefix) => [String(prefix), prefix]))
  return { name: `natplan-${name}`, prefixes: [...unique.values()].sort(Prefix.compare) }
}
