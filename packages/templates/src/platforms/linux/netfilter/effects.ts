import type { Claim, DeviceInterface, PacketMatch, PlacedClamp, Unread } from '@natplan/core'
import type { Budget } from './budget.ts'
import type { Chain, ChainRule, ChainTable } from './chain.ts'
import type { BaseChain } from './filter-lists.ts'
import { type FlatRule, flatten } from './flatten-chain.ts'
import { leadingTo, reachedChains } from './reached-chains.ts'

export type FoundClamp = PlacedClamp & { readonly match: PacketMatch }

/** Lines that change addresses outside of NAT, or keep packets from being tracked; and zones that are not for interfaces alone. */
export function rewritingLines(own: BaseChain): Unread[] {
  const { table, chain, base } = own
  if (base.hook === 'output' || base.hook === 'input') return []
  return reachedChains(chain, table).flatMap((reached) =>
    reached.rules.flatMap((rule): Unread[] => {
      const { effect, line, text } = rule
      const isOpen = effect?.kind === 'rewrite' || (effect?.kind === 'zone' && !zonedNames(rule, reached, own))
      return isOpen ? [{ line, text, touches: 'nat', isPlaced: false }] : []
    }),
  )
}

/** Connections are looked up before anything of this priority and higher is asked (linux/netfilter_ipv4.h). */
const tracking = -200

/** How connections are tracked apart of packets that come in by an interface. */
export type Zones = Pick<DeviceInterface, 'zone' | 'answerZone'>

/** The zones of interfaces. */
export function zonesOf(own: BaseChain): [string, Zones][] {
  return own.chain.rules.flatMap((rule) => {
    const { effect } = rule
    if (effect?.kind !== 'zone') return []
    const { zone, answers } = effect
    const zones: Zones = answers ? { zone, answerZone: zone } : { zone }
    return (zonedNames(rule, own.chain, own) ?? []).map((name): [string, Zones] => [name, zones])
  })
}

/** The zones that rules of a table name, whatever else they ask. */
export function zoneClaims({ chains }: ChainTable): Claim[] {
  return [...chains.values()].flatMap(({ rules }) =>
    rules.flatMap(({ effect, line }): Claim[] => {
      const zone = effect?.kind === 'clamp' ? undefined : effect?.zone
      return zone === undefined ? [] : [{ kind: 'zone', value: zone, by: 'a rule', line }]
    }),
  )
}

/** Whose packets a rule puts into a zone: `undefined` where it asks for more than interfaces, or is not asked of all. */
function zonedNames(
  { match }: ChainRule,
  reached: Chain,
  { chain, base, table }: BaseChain,
): readonly string[] | undefined {
  const { in: incoming, ...others } = match
  const isAlways = reached === chain && base.hook === 'prerouting' && base.priority < tracking && table.family !== 6
  const isPlain = Object.values(others).every((asked) => asked === undefined)
  const isNamed = incoming && !incoming.negated && incoming.names.every((name) => !/[*+]$/.test(name))
  return isAlways && isPlain && isNamed && isFirst(chain) ? incoming.names : undefined
}

/** No rule of the chain ends the way of some packets before another gives them a zone. */
function isFirst({ rules }: Chain): boolean {
  return rules.every(({ verdict }) => verdict.kind === 'continue')
}

/** The limits of segments that packets can meet in a table. */
export function clampsOf(table: ChainTable, budget: Budget): FoundClamp[] {
  const clamping = leadingTo(table, ({ effect }) => effect?.kind === 'clamp')
  return [...clamping.chains.values()].flatMap((chain) =>
    chain.base ? flatten(chain, clamping, budget).flatMap(clampsAt) : [],
  )
}

function clampsAt({ effect, match, line }: FlatRule): FoundClamp[] {
  if (effect?.kind !== 'clamp') return []
  const names = [match.in, match.out].flatMap((one) => (one && !one.negated ? one.names : []))
  const isEverywhere = match.in === undefined && match.out === undefined
  return (isEverywhere ? [undefined] : names).flatMap((name) =>
    name?.endsWith('*') || name?.endsWith('+') ? [] : [{ interface: name, mss: effect.mss, line, match }],
  )
}
