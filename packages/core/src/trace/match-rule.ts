import type { NatRule } from '../policy/gateway-policy.ts'
import type { ParsedPolicy } from '../policy/parsed-policy.ts'
import { Candidates } from './candidates.ts'
import { conditionsOfRule, conditionsOfSelector, meetsAll } from './condition.ts'
import type { Crossing } from './crossing.ts'
import type { Packet } from './packet.ts'

/** The interface that a packet comes in on or goes out of, as far as it is known. */
export interface Passage {
  readonly at: 'inside' | 'outside' | 'virtual'
  readonly interface: string | undefined
  /** An interface that it is certainly not. */
  readonly not: string | undefined
}

/** The first rule of a direction that takes the packet. What was asked on the way narrows the packet. */
export function firstMatch(
  policy: ParsedPolicy,
  { direction, passage }: { readonly direction: NatRule['direction']; readonly passage: Passage },
  packet: Packet,
): NatRule | undefined {
  const found = tablesOf(policy)
    [direction].of(packet)
    .find(
      ({ item, conditions }) =>
        meetsPassage(item.interface, passage) &&
        meetsProtocol(item.protocol, packet.protocol) &&
        meetsAll(packet, conditions),
    )
  return found?.item
}

/** The narrowest selector that takes the packet: the kernel gives longer prefixes the higher priority. */
export function crossingOf(policy: ParsedPolicy, packet: Packet): Crossing | undefined {
  let best: Crossing | undefined
  for (const { item, conditions } of tablesOf(policy).selectors.of(packet)) {
    if (meetsAll(packet, conditions) && (!best || narrowness(item) > narrowness(best))) best = item
  }
  return best
}

function narrowness({ selector: { local, remote } }: Crossing): number {
  return local.length + remote.length
}

interface Tables {
  readonly source: Candidates<NatRule>
  readonly destination: Candidates<NatRule>
  readonly selectors: Candidates<Crossing>
}

const tables = new WeakMap<ParsedPolicy, Tables>()

function tablesOf(policy: ParsedPolicy): Tables {
  const known = tables.get(policy)
  if (known) return known
  const rules = (wanted: NatRule['direction']) =>
    new Candidates(
      policy.nat
        .filter(({ direction }) => direction === wanted)
        .map((rule) => ({ item: rule, conditions: conditionsOfRule(rule) })),
    )
  const crossings = policy.tunnels.flatMap((tunnel) =>
    tunnel.selectors.map((selector) => ({ item: { tunnel, selector }, conditions: conditionsOfSelector(selector) })),
  )
  const made = { source: rules('source'), destination: rules('destination'), selectors: new Candidates(crossings) }
  tables.set(policy, made)
  return made
}

/** `eth*` and `eth+` stand for all that begin so, `!eth0` for all but one. */
export function meetsPassage(
  written: string | undefined,
  { interface: actual, not }: Pick<Passage, 'interface' | 'not'>,
): boolean {
  if (written === undefined) return true
  if (written.startsWith('!')) return !meetsPassage(written.slice(1), { interface: actual, not })
  if (actual === undefined) return not === undefined || !isNamed(written, not)
  return isNamed(written, actual)
}

function isNamed(written: string, name: string): boolean {
  return /[*+]$/.test(written) ? name.startsWith(written.slice(0, -1)) : written === name
}

/** `tcp_udp` stands for both, `!tcp` for all others. */
function meetsProtocol(written: string | undefined, protocol: string): boolean {
  if (written === undefined || written === 'all') return true
  if (written.startsWith('!')) return !meetsProtocol(written.slice(1), protocol)
  return written.split('_').includes(protocol)
}
