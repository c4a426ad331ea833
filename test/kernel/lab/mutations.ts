import { type GatewayPolicy, type NatRule, Prefix, type Selector } from '@natplan/core'
import type { GatewayTexts } from '../../../packages/cli/src/lab/gateway.ts'

/** A gateway as somebody might have configured it: what the tracer is told, and how the rendered texts differ from that. */
export interface Mutated {
  readonly policy: GatewayPolicy
  /** Without natplan's guards a Linux gateway behaves as VyOS does. */
  readonly isGuarded: boolean
  readonly edit: (texts: GatewayTexts) => GatewayTexts
  readonly said: string
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export type Random = () => number

export function pick<T>(random: Random, items: readonly T[]): T {
  if (items.length === 0) throw new Error('there is nothing to choose from')
  return items[Math.floor(random() * items.length)] as T
}

type Mutation = (mutated: Mutated, random: Random) => Mutated

function unchanged(policy: GatewayPolicy): Mutated {
  return { policy, isGuarded: true, edit: (texts) => texts, said: 'as planned' }
}

function withRules(mutated: Mutated, nat: readonly NatRule[], said: string): Mutated {
  const sorted = [...nat].sort((a, b) =>
    a.direction === b.direction ? a.number - b.number : a.direction < b.direction ? 1 : -1,
  )
  return { ...mutated, policy: { ...mutated.policy, nat: sorted }, said: `${mutated.said}, ${said}` }
}

const dropRule: Mutation = (mutated, random) => {
  const { nat } = mutated.policy
  if (nat.length === 0) return mutated
  const dropped = pick(random, nat)
  return withRules(
    mutated,
    nat.filter((rule) => rule !== dropped),
    `without its ${dropped.direction} rule`,
  )
}

/** The first or the second half of a prefix; one or two addresses stay whole. */
export function halfOf(prefix: Prefix, random: Random): Prefix {
  if (prefix.length > 30) return prefix
  return Prefix.fromBits(random() < 0.5 ? prefix.bits : prefix.lastBits, prefix.length + 1)
}

const exempt: Mutation = (mutated, random) => {
  const { nat } = mutated.policy
  const [first] = nat.filter(({ direction, action }) => direction === 'source' && action.kind === 'map')
  if (!first?.source) return mutated
  const source = halfOf(first.source, random)
  const rule: NatRule = { ...first, number: first.number - 1, source, action: { kind: 'exempt' } }
  return withRules(mutated, [...nat, rule], `with ${source} exempt`)
}

const elsewhere = ['192.168.7.0', '10.77.0.0', '10.0.1.0', '192.168.1.0', '192.168.2.0']

const wrongPrefix: Mutation = (mutated, random) => {
  const { nat } = mutated.policy
  const maps = nat.filter(({ action }) => action.kind === 'map')
  if (maps.length === 0) return mutated
  const wrong = pick(random, maps)
  const length = wrong.action.kind === 'map' ? wrong.action.to.length : 24
  const matched = wrong.direction === 'source' ? wrong.source : wrong.destination
  const others = elsewhere
    .map((first) => Prefix.parse(`${first}/${length}`))
    .filter((prefix) => !matched?.equals(prefix))
  const to = pick(random, others)
  const nats = nat.map((rule): NatRule => (rule === wrong ? { ...rule, action: { kind: 'map', to } } : rule))
  return withRules(mutated, nats, `with a ${wrong.direction} rule to ${to}`)
}

function withSelectors(mutated: Mutated, change: (selector: Selector) => Selector, said: string): Mutated {
  const tunnels = mutated.policy.tunnels.map((tunnel) => ({ ...tunnel, selectors: tunnel.selectors.map(change) }))
  return { ...mutated, policy: { ...mutated.policy, tunnels }, said: `${mutated.said}, ${said}` }
}

const narrowSelector: Mutation = (mutated, random) => {
  const side = pick(random, ['local', 'remote'] as const)
  return withSelectors(
    mutated,
    (one) => ({ ...one, [side]: halfOf(one[side], random) }),
    `with half its ${side} selector`,
  )
}

const wrongSelector: Mutation = (mutated, random) => {
  const side = pick(random, ['local', 'remote'] as const)
  const first = pick(random, elsewhere)
  const change = (one: Selector) => {
    const changed = { ...one, [side]: Prefix.parse(`${first}/${one[side].length}`) }
    // Between overlapping prefixes strongSwan lets packets pass: the platform refuses such a pair, and so does `verify`.
    return changed.local.overlaps(changed.remote) ? one : changed
  }
  return withSelectors(mutated, change, `with ${first} as its ${side} selector`)
}

/** A text without its lines that hold a word, the continuation of such a line included. */
function withoutLines(text: string, word: string): string {
  const kept = text.split('\n').filter((line) => !line.includes(word))
  return kept.join('\n')
}

/** What the rules of natplan's guards ask of packets, each with a word of its own. */
const guardWords = ['rt ipsec missing', 'meta ipsec missing', 'ip daddr @own4 counter drop']

const unguarded: Mutation = (mutated) => ({
  ...mutated,
  isGuarded: false,
  edit: (texts) => {
    const { ruleset, ...others } = mutated.edit(texts)
    return { ...others, ruleset: guardWords.reduce(withoutLines, ruleset) }
  },
  said: `${mutated.said}, without guards`,
})

/** Somebody's masquerade for all that leaves, in the way of natplan's rules. */
const masquerade: Mutation = (mutated) => {
  const { outside, nat } = mutated.policy
  if (nat.some(({ action }) => action.kind === 'masquerade')) return mutated
  const rule: NatRule = {
    direction: 'source',
    number: 1,
    interface: outside.interface,
    source: undefined,
    destination: undefined,
    action: { kind: 'masquerade' },
    description: undefined,
  }
  const line = `\t\toifname "${outside.interface}" counter masquerade`
  const hook = /(\t\ttype nat hook postrouting [^\n]*\n)/
  return {
    ...withRules(mutated, [rule, ...nat], 'with a masquerade first'),
    edit: (texts) => {
      const edited = mutated.edit(texts)
      return { ...edited, ruleset: edited.ruleset.replace(hook, `$1${line}\n`) }
    },
  }
}

const mutations: readonly Mutation[] = [
  dropRule,
  exempt,
  wrongPrefix,
  narrowSelector,
  wrongSelector,
  unguarded,
  unguarded,
  masquerade,
]

/** Up to three mutations of a gateway, or none. */
export function mutate(policy: GatewayPolicy, random: Random): Mutated {
  let mutated = unchanged(policy)
  for (let left = Math.floor(random() * 4); left > 0; left--) mutated = pick(random, mutations)(mutated, random)
  return mutated
}
