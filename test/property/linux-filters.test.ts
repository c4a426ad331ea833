import { worldOfDevices } from '@natplan/core'
import { platformModules } from '@natplan/templates'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { flow, type Hosts, isAmong, possibleEnds, type Seen, sourcePort, tracedEnd } from './filtered-flows.ts'

/**
 * Random filters of a Linux gateway, read and walked by natplan, against a walk that goes rule by rule through the same chains as data: it
 * knows nothing of text, sets, lists or indexes.
 */

type Condition =
  | ({ readonly kind: 'hosts'; readonly side: 'source' | 'destination'; readonly isNegated: boolean } & Hosts)
  | { readonly kind: 'port'; readonly protocol: 'tcp' | 'udp'; readonly ports: readonly number[] }
  | { readonly kind: 'protocol'; readonly protocol: 'tcp' | 'udp'; readonly isNegated: boolean }
  | { readonly kind: 'interface'; readonly side: 'in' | 'out'; readonly name: string; readonly isNegated: boolean }
  | { readonly kind: 'states'; readonly states: readonly string[] }
  | { readonly kind: 'arrived' | 'leaving'; readonly isEncrypted: boolean }
  | { readonly kind: 'limit' }

type Verdict =
  | { readonly kind: 'accept' | 'drop' | 'reject' | 'return' | 'continue' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: number }

interface Rule {
  readonly conditions: readonly Condition[]
  readonly verdict: Verdict
  /** Of nft: the verdict by state, for those that are there. */
  readonly byState?: Readonly<Record<string, Verdict>>
}

interface Filters {
  readonly language: 'nft' | 'iptables'
  readonly bases: readonly { readonly policy: 'accept' | 'drop'; readonly rules: readonly Rule[] }[]
  readonly chains: readonly (readonly Rule[])[]
}

type Answer = 'accept' | 'drop'

// The oracle: every way through the chains.

function holds(condition: Condition, packet: Seen): boolean | undefined {
  switch (condition.kind) {
    case 'hosts':
      return isAmong(packet[condition.side], condition) !== condition.isNegated
    case 'port':
      return packet.protocol === numbers[condition.protocol] && condition.ports.includes(packet.port)
    case 'protocol':
      return (packet.protocol === numbers[condition.protocol]) !== condition.isNegated
    case 'interface':
      return (packet[condition.side] === condition.name) !== condition.isNegated
    case 'states':
      return condition.states.includes(packet.state)
    case 'arrived':
      return packet.isDecrypted === condition.isEncrypted
    case 'leaving':
      return packet.isEncrypting === condition.isEncrypted
    case 'limit':
      return undefined
  }
}

const numbers = { tcp: 6, udp: 17 } as const

/** What can become of a packet in rules; `return` where it comes back. */
function walk(rules: readonly Rule[], packet: Seen, chains: Filters['chains']): Set<Answer | 'return'> {
  const answers = new Set<Answer | 'return'>()
  for (const rule of rules) {
    const held = rule.conditions.map((one) => holds(one, packet))
    const verdict = rule.byState ? rule.byState[packet.state] : rule.verdict
    if (held.includes(false) || !verdict || verdict.kind === 'continue') continue
    let goesOn = held.includes(undefined)
    if (verdict.kind === 'jump' || verdict.kind === 'goto') {
      for (const answer of walk(chains[verdict.chain] ?? [], packet, chains)) {
        if (answer === 'return' && verdict.kind === 'jump') goesOn = true
        else answers.add(answer)
      }
    } else answers.add(verdict.kind === 'reject' ? 'drop' : verdict.kind)
    if (!goesOn) return answers
  }
  return answers.add('return')
}

function asked({ bases, chains }: Filters, packet: Seen): Set<Answer>[] {
  return bases.map(({ policy, rules }) => {
    const answers = [...walk(rules, packet, chains)]
    return new Set(answers.map((answer) => (answer === 'return' ? policy : answer)))
  })
}

// The same as text.

function address({ network, first, length }: Hosts): string {
  const size = 2 ** (32 - length)
  return `10.${network}.0.${Math.floor(first / size) * size}/${length}`
}

function inNft(condition: Condition): string {
  switch (condition.kind) {
    case 'hosts':
      return `ip ${condition.side === 'source' ? 's' : 'd'}addr ${condition.isNegated ? '!= ' : ''}${address(condition)}`
    case 'port':
      return `${condition.protocol} dport { ${condition.ports.join(', ')} }`
    case 'protocol':
      return `meta l4proto ${condition.isNegated ? '!= ' : ''}${condition.protocol}`
    case 'interface':
      return `${condition.side === 'in' ? 'iifname' : 'oifname'} ${condition.isNegated ? '!= ' : ''}"${condition.name}"`
    case 'states':
      return `ct state ${condition.states.join(',')}`
    case 'arrived':
      return `meta ipsec ${condition.isEncrypted ? 'exists' : 'missing'}`
    case 'leaving':
      return `rt ipsec ${condition.isEncrypted ? 'exists' : 'missing'}`
    case 'limit':
      return 'limit rate 5/second'
  }
}

function verdictInNft(verdict: Verdict): string {
  return 'chain' in verdict ? `${verdict.kind} c${verdict.chain}` : verdict.kind
}

function ruleInNft({ conditions, verdict, byState }: Rule): string {
  const asked = conditions.map(inNft).join(' ')
  if (!byState) return `${asked} counter packets 1 bytes 2 ${verdictInNft(verdict)}`
  const members = Object.entries(byState).map(([state, one]) => `${state} : ${verdictInNft(one)}`)
  return `${asked} ct state vmap { ${members.join(', ')} }`
}

function inIptables(condition: Condition): string {
  const no = 'isNegated' in condition && condition.isNegated ? '! ' : ''
  switch (condition.kind) {
    case 'hosts':
      return `${no}-${condition.side === 'source' ? 's' : 'd'} ${address(condition)}`
    case 'port':
      return `-p ${condition.protocol} -m multiport --dports ${condition.ports.join(',')}`
    case 'protocol':
      return `${no}-p ${condition.protocol}`
    case 'interface':
      return `${no}-${condition.side === 'in' ? 'i' : 'o'} ${condition.name}`
    case 'states':
      return `-m conntrack --ctstate ${condition.states.join(',').toUpperCase()}`
    case 'arrived':
      return `-m policy --dir in --pol ${condition.isEncrypted ? 'ipsec' : 'none'}`
    case 'leaving':
      return `-m policy --dir out --pol ${condition.isEncrypted ? 'ipsec' : 'none'}`
    case 'limit':
      return '-m limit --limit 5/sec'
  }
}

function ruleInIptables({ conditions, verdict }: Rule): string {
  const asked = conditions.map(inIptables).join(' ')
  if (verdict.kind === 'continue') return `${asked} -j MARK --set-xmark 0x1/0x1`
  const target = 'chain' in verdict ? `c${verdict.chain}` : verdict.kind.toUpperCase()
  return `${asked} ${verdict.kind === 'goto' ? '-g' : '-j'} ${target}`
}

function written({ language, bases, chains }: Filters): string {
  if (language === 'nft') {
    const head = (policy: string, at: number) => `type filter hook forward priority ${at * 10}; policy ${policy};`
    return `table inet t {\n${[
      ...chains.map((rules, at) => `chain c${at} {\n${rules.map(ruleInNft).join('\n')}\n}`),
      ...bases.map(
        ({ policy, rules }, at) => `chain b${at} {\n${[head(policy, at), ...rules.map(ruleInNft)].join('\n')}\n}`,
      ),
    ].join('\n')}\n}\n`
  }
  const tables = bases.map(({ policy, rules }, at) => {
    const lines = [
      `*${at === 0 ? 'mangle' : 'filter'}`,
      `:FORWARD ${policy.toUpperCase()} [0:0]`,
      ...chains.map((_, number) => `:c${number} - [0:0]`),
      ...rules.map((rule) => `-A FORWARD ${ruleInIptables(rule)}`),
      ...chains.flatMap((own, number) => own.map((rule) => `-A c${number} ${ruleInIptables(rule)}`)),
    ]
    return `${lines.join('\n')}\nCOMMIT\n`
  })
  return `# Generated by iptables-save v1.8.9\n${tables.join('')}`
}

// A world of two gateways around it.

function gateway(octet: 1 | 2): string {
  const peer = octet === 1 ? 2 : 1
  return `connections {\ngw {\nlocal_addrs = 192.0.2.${octet}\nremote_addrs = 192.0.2.${peer}\nlocal {\nauth = psk\n}
remote {\nauth = psk\n}\nchildren {\nnet {\nlocal_ts = 10.${octet}.0.0/28\nremote_ts = 10.${peer}.0.0/28\nstart_action = trap\n}\n}\n}\n}
secrets {\nike-gw {\nid = 192.0.2.${peer}\nsecret = "EXAMPLE-ONLY-0123456789"\n}\n}
2: eth0: <BROADCAST,UP> mtu 1500\n    inet 192.0.2.${octet}/24 scope global eth0
3: eth1: <BROADCAST,UP> mtu 1500\n    inet 10.${octet}.0.14/28 scope global eth1
default via 192.0.2.254 dev eth0\n`
}

const linux = platformModules.find(({ platform }) => platform === 'linux')

function deviceOf(text: string) {
  const read = linux?.readDevice?.(text)
  if (!read) throw new Error('linux cannot be read')
  return read.device
}

const plain = deviceOf(gateway(2))

function sitesWith(text: string) {
  return worldOfDevices([
    { site: 'one', device: { ...deviceOf(gateway(1) + text), file: 'one.txt' } },
    { site: 'two', device: { ...plain, file: 'two.txt' } },
  ]).world.sites
}

// Random ones.

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    kind: fc.constant('hosts' as const),
    side: fc.constantFrom('source' as const, 'destination' as const),
    network: fc.constantFrom(1 as const, 2 as const),
    first: fc.integer({ min: 0, max: 15 }),
    length: fc.constantFrom(28 as const, 30 as const, 31 as const, 32 as const),
    isNegated: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('interface' as const),
    side: fc.constantFrom('in' as const, 'out' as const),
    name: fc.constantFrom('eth0', 'eth1', 'eth9'),
    isNegated: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('states' as const),
    states: fc.subarray(['new', 'established', 'related', 'invalid'], { minLength: 1 }),
  }),
  fc.record({ kind: fc.constantFrom('arrived' as const, 'leaving' as const), isEncrypted: fc.boolean() }),
)

/** What stands once in a rule. */
const transport: fc.Arbitrary<Condition[]> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Condition[]>([]) },
  {
    weight: 2,
    arbitrary: fc
      .record({
        kind: fc.constant('port' as const),
        protocol: fc.constantFrom('tcp' as const, 'udp' as const),
        ports: fc.subarray([53, 443, sourcePort], { minLength: 1 }),
      })
      .map((one): Condition[] => [one]),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        kind: fc.constant('protocol' as const),
        protocol: fc.constantFrom('tcp' as const, 'udp' as const),
        isNegated: fc.boolean(),
      })
      .map((one): Condition[] => [one]),
  },
)

const limit = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Condition[]>([]) },
  { weight: 1, arbitrary: fc.constant<Condition[]>([{ kind: 'limit' }]) },
)

const conditions = fc
  .tuple(transport, fc.array(condition, { maxLength: 2 }), limit)
  .map((parts) => parts.flat())
  // A rule names each side and each kind once, as iptables wants it.
  .map((all) => all.filter((one, at) => all.findIndex((other) => kindOf(other) === kindOf(one)) === at))

function kindOf(one: Condition): string {
  if (one.kind === 'arrived' || one.kind === 'leaving') return 'policy'
  return 'side' in one ? `${one.kind} ${one.side}` : one.kind
}

const count = 3

/** Chains call those behind them. */
function verdict(from: number): fc.Arbitrary<Verdict> {
  const plain = fc.constantFrom(
    'accept' as const,
    'drop' as const,
    'reject' as const,
    'return' as const,
    'continue' as const,
  )
  const behind = count - 1 - from
  if (behind <= 0) return fc.record({ kind: plain })
  return fc.oneof(
    fc.record({ kind: plain }),
    fc.record({
      kind: fc.constantFrom('jump' as const, 'goto' as const),
      chain: fc.integer({ min: from + 1, max: count - 1 }),
    }),
  )
}

function rules(from: number, language: Filters['language']): fc.Arbitrary<Rule[]> {
  const simple: fc.Arbitrary<Rule> = fc.record({ conditions, verdict: verdict(from) })
  const byState = fc.dictionary(fc.constantFrom('new', 'established', 'invalid'), verdict(from), {
    minKeys: 1,
    maxKeys: 3,
  })
  const looked: fc.Arbitrary<Rule> = fc
    .record({ conditions, byState })
    // Members of a map cannot reject.
    .map(({ byState, ...one }) => {
      const members = Object.entries(byState).map(([state, verdict]): [string, Verdict] => [
        state,
        verdict.kind === 'reject' ? { kind: 'drop' } : verdict,
      ])
      return { ...one, byState: Object.fromEntries(members), verdict: { kind: 'continue' as const } }
    })
  const one = language === 'nft' ? fc.oneof({ weight: 5, arbitrary: simple }, { weight: 1, arbitrary: looked }) : simple
  return fc.array(one, { maxLength: 5 })
}

const filters: fc.Arbitrary<Filters> = fc.constantFrom('nft' as const, 'iptables' as const).chain((language) =>
  fc.record({
    language: fc.constant(language),
    bases: fc.array(
      fc.record({
        policy: fc.constantFrom('accept' as const, 'accept' as const, 'drop' as const),
        rules: rules(-1, language),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    chains: fc.tuple(...Array.from({ length: count }, (_, at) => rules(at, language))),
  }),
)

it('lets pass what the chains let pass, rule by rule', () => {
  const met = new Map<string, number>()
  fc.assert(
    fc.property(filters, fc.array(flow, { minLength: 1, maxLength: 3 }), (all, flows) => {
      const text = written(all)
      const sites = sitesWith(text)
      for (const one of flows) {
        const disposition = tracedEnd(sites, one)
        met.set(disposition, (met.get(disposition) ?? 0) + 1)
        expect(
          possibleEnds(one, (packet) => asked(all, packet)),
          text,
        ).toContain(disposition)
      }
    }),
    { numRuns: 400 },
  )
  for (const disposition of ['delivered', 'filtered', 'unknown']) expect(met.get(disposition)).toBeGreaterThan(20)
})
