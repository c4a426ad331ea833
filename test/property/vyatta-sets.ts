import { type Device, normalize, planNetwork, type WorldSite, worldOfDevices } from '@natplan/core'
import { platformModule } from '@natplan/templates'
import * as fc from 'fast-check'
import { textsOf } from '../verify/configurations.ts'
import { type Hosts, isAmong, type Seen } from './filtered-flows.ts'

/** Random firewalls of the Vyatta family as data, as text, and walked rule by rule: what walks knows nothing of text, lists or indexes. */

type Condition =
  /** Of several, a group. */
  | {
      readonly kind: 'hosts'
      readonly side: 'source' | 'destination'
      readonly hosts: readonly Hosts[]
      readonly isNegated: boolean
    }
  | { readonly kind: 'port'; readonly protocol: 'tcp' | 'udp' | 'tcp_udp'; readonly ports: readonly number[] }
  | { readonly kind: 'protocol'; readonly protocol: 'tcp' | 'udp'; readonly isNegated: boolean }
  | { readonly kind: 'interface'; readonly side: 'in' | 'out'; readonly name: string; readonly isNegated: boolean }
  | { readonly kind: 'states'; readonly states: readonly string[] }
  | { readonly kind: 'arrived'; readonly isEncrypted: boolean }
  | { readonly kind: 'limit' }

type Action = 'accept' | 'drop' | 'reject' | 'return' | 'continue' | { readonly jump: number }

interface Rule {
  readonly conditions: readonly Condition[]
  readonly action: Action
  readonly isDisabled: boolean
}

interface RuleSet {
  readonly rules: readonly Rule[]
  readonly rest: 'accept' | 'drop' | 'reject' | 'return' | undefined
}

export interface Firewall {
  readonly platform: 'vyos-1.3' | 'vyos-1.4'
  /** The distance of the numbers of rules. */
  readonly step: number
  readonly policy: Readonly<Partial<Record<'established' | 'invalid' | 'related', 'accept' | 'drop'>>>
  /** Of VyOS 1.4. */
  readonly base: RuleSet | undefined
  readonly sets: readonly RuleSet[]
  /** Which set the inside and the outside interface have for what comes in and goes out, of VyOS 1.3. */
  readonly bound: Readonly<Record<'inside in' | 'inside out' | 'outside in' | 'outside out', number | undefined>>
  /** The sets between zones, and what becomes of the rest; `undefined` for no zones. */
  readonly zones:
    | {
        readonly hasInside: boolean
        readonly hasOutside: boolean
        readonly inward: number | undefined
        readonly outward: number | undefined
        readonly rest: 'drop' | 'reject' | undefined
      }
    | undefined
}

const [inside, outside] = ['eth1', 'eth0']

type Answer = 'accept' | 'drop'

// The oracle: every way through the sets.

const numbers = { tcp: [6], udp: [17], tcp_udp: [6, 17] } as const

function holds(condition: Condition, packet: Seen): boolean | undefined {
  switch (condition.kind) {
    case 'hosts':
      return condition.hosts.some((one) => isAmong(packet[condition.side], one)) !== condition.isNegated
    case 'port':
      return numbers[condition.protocol].some((one) => one === packet.protocol) && condition.ports.includes(packet.port)
    case 'protocol':
      return numbers[condition.protocol].some((one) => one === packet.protocol) !== condition.isNegated
    case 'interface':
      return (packet[condition.side] === condition.name) !== condition.isNegated
    case 'states':
      return condition.states.includes(packet.state)
    case 'arrived':
      return packet.isDecrypted === condition.isEncrypted
    case 'limit':
      return undefined
  }
}

/** What can become of a packet in a set: accepted for good, dropped, or back to who asked. */
function walk(set: RuleSet, packet: Seen, firewall: Firewall): Set<Answer | 'back'> {
  const isOlder = firewall.platform === 'vyos-1.3'
  const accepted = isOlder ? 'back' : 'accept'
  const answers = new Set<Answer | 'back'>()
  for (const { conditions, action, isDisabled } of set.rules) {
    const held = conditions.map((one) => holds(one, packet))
    if (isDisabled || held.includes(false) || action === 'continue') continue
    let goesOn = held.includes(undefined)
    if (typeof action === 'object') {
      for (const answer of walk(firewall.sets[action.jump] as RuleSet, packet, firewall)) {
        if (answer === 'back') goesOn = true
        else answers.add(answer)
      }
    } else answers.add(action === 'accept' ? accepted : action === 'return' ? 'back' : 'drop')
    if (!goesOn) return answers
  }
  return answers.add(set.rest === 'accept' ? accepted : set.rest === 'return' ? 'back' : 'drop')
}

type Stage = Set<Answer | 'back'>

/** What is asked of what is left by one stage after another. */
function inTurn(stages: readonly (() => Stage)[]): Set<Answer> {
  const answers = new Set<Answer>()
  for (const stage of stages) {
    const found = stage()
    for (const one of found) if (one !== 'back') answers.add(one)
    if (!found.has('back')) return answers
  }
  return answers.add('accept')
}

function policed({ policy }: Firewall, { state }: Seen): Stage {
  const answer = state === 'established' ? policy.established : undefined
  return new Set([answer ?? ('back' as const)])
}

function byZones(firewall: Firewall, packet: Seen): Stage {
  const { zones, sets } = firewall
  const zoneOf = (name: string) =>
    name === inside && zones?.hasInside ? 'inside' : name === outside && zones?.hasOutside ? 'outside' : undefined
  const [from, to] = [zoneOf(packet.in), zoneOf(packet.out)]
  if (!zones || to === undefined || from === to) return new Set(['back'])
  const set = from === undefined ? undefined : to === 'inside' ? zones.inward : zones.outward
  return set === undefined ? new Set(['drop']) : walk(sets[set] as RuleSet, packet, firewall)
}

/** What each list of the forward hook can do with a packet. */
export function decided(firewall: Firewall, packet: Seen): Set<Answer>[] {
  const { base, bound, sets, zones } = firewall
  const inSet = (at: number | undefined): Stage =>
    at === undefined ? new Set(['back']) : walk(sets[at] as RuleSet, packet, firewall)
  const policy = () => policed(firewall, packet)
  if (firewall.platform === 'vyos-1.3') {
    const incoming = packet.in === inside ? bound['inside in'] : bound['outside in']
    const outgoing = packet.out === inside ? bound['inside out'] : bound['outside out']
    return [inTurn([policy, () => inSet(incoming), () => inSet(outgoing), () => byZones(firewall, packet)])]
  }
  const chain = base && { ...base, rest: base.rest ?? ('accept' as const) }
  return [
    ...(chain ? [inTurn([policy, () => walk(chain, packet, firewall)])] : []),
    ...(zones ? [inTurn([policy, () => byZones(firewall, packet)])] : []),
  ]
}

// The same as text.

function address({ network, first, length }: Hosts): string {
  const size = 2 ** (32 - length)
  const host = `10.${network}.0.${Math.floor(first / size) * size}`
  return length === 32 ? host : `${host}/${length}`
}

class Writing {
  readonly lines: string[] = []
  #groups = 0

  add(line: string): void {
    this.lines.push(`set ${line}`)
  }

  group(hosts: readonly Hosts[]): string {
    const name = `G${this.#groups++}`
    for (const one of hosts) {
      const network = address(one)
      this.add(`firewall group network-group ${name} network ${network.includes('/') ? network : `${network}/32`}`)
    }
    return name
  }
}

function wordsOf(condition: Condition, platform: Firewall['platform'], writing: Writing): string[] {
  const no = 'isNegated' in condition && condition.isNegated ? '!' : ''
  switch (condition.kind) {
    case 'hosts': {
      const [one, ...others] = condition.hosts
      if (one && others.length === 0) return [`${condition.side} address ${no}${address(one)}`]
      return [`${condition.side} group network-group ${no}${writing.group(condition.hosts)}`]
    }
    case 'port':
      return [`protocol ${condition.protocol}`, `destination port ${condition.ports.join(',')}`]
    case 'protocol':
      return [`protocol ${no}${condition.protocol}`]
    case 'interface':
      return [`${condition.side}bound-interface name ${no}${condition.name}`]
    case 'states':
      return condition.states.map((state) => `state ${state}${platform === 'vyos-1.3' ? ' enable' : ''}`)
    case 'arrived':
      return [`ipsec ${condition.isEncrypted ? 'match-ipsec' : 'match-none'}`]
    case 'limit':
      return ['limit rate 5/second']
  }
}

function writeSet(path: string, { rules, rest }: RuleSet, { platform, step }: Firewall, writing: Writing): void {
  writing.add(path)
  if (rest !== undefined) writing.add(`${path} default-action ${rest}`)
  // The order of the lines says nothing.
  for (const [at, { conditions, action, isDisabled }] of [...rules.entries()].reverse()) {
    const rule = `${path} rule ${(at + 1) * step}`
    const words = typeof action === 'object' ? ['action jump', `jump-target S${action.jump}`] : [`action ${action}`]
    const asked = conditions.flatMap((one) => wordsOf(one, platform, writing))
    for (const word of [...words, ...asked, ...(isDisabled ? ['disable'] : [])]) writing.add(`${rule} ${word}`)
  }
}

/** The lines of a firewall. */
export function written(firewall: Firewall): string {
  const { platform, policy, base, sets, bound, zones } = firewall
  const isOlder = platform === 'vyos-1.3'
  const writing = new Writing()
  const names = isOlder ? 'firewall name' : 'firewall ipv4 name'
  for (const [at, set] of sets.entries()) writeSet(`${names} S${at}`, set, firewall, writing)
  for (const [state, action] of Object.entries(policy)) {
    writing.add(`firewall ${isOlder ? '' : 'global-options '}state-policy ${state} action ${action}`)
  }
  if (base) writeSet('firewall ipv4 forward filter', base, firewall, writing)
  for (const [place, set] of Object.entries(bound)) {
    const [side, way] = place.split(' ')
    const name = side === 'inside' ? inside : outside
    if (set !== undefined) writing.add(`interfaces ethernet ${name} firewall ${way} name S${set}`)
  }
  if (zones) {
    const tree = isOlder ? 'zone-policy zone' : 'firewall zone'
    const { hasInside, hasOutside, inward, outward, rest } = zones
    if (hasInside) writing.add(`${tree} LAN interface ${inside}`)
    if (hasOutside) writing.add(`${tree} WAN interface ${outside}`)
    if (hasInside && rest) writing.add(`${tree} LAN default-action ${rest}`)
    if (hasInside && hasOutside && inward !== undefined) writing.add(`${tree} LAN from WAN firewall name S${inward}`)
    if (hasInside && hasOutside && outward !== undefined) writing.add(`${tree} WAN from LAN firewall name S${outward}`)
  }
  return writing.lines.map((line) => `${line}\n`).join('')
}

// A world of two gateways around it.

/** What `natplan` writes for two sites that do not overlap. */
function plainText(platform: Firewall['platform'], site: 'one' | 'two'): string {
  const gateway = (octet: number) => ({
    platform,
    outside: { interface: outside, address: `192.0.2.${octet}` },
    inside: { interface: inside },
  })
  const { value } = normalize({
    version: 1,
    sites: {
      one: { subnets: ['10.1.0.0/28'], gateway: gateway(1) },
      two: { subnets: ['10.2.0.0/28'], gateway: gateway(2) },
    },
    tunnels: [{ sites: ['one', 'two'], preSharedKey: { env: 'KEY' }, proposal: 'modern' }],
  })
  const plan = value && planNetwork(value).plan
  const text = plan && textsOf(plan).texts.get(site)
  if (text === undefined) throw new Error('the plan has no gateways')
  return text
}

const texts = new Map<string, string>()

/** The text of the first gateway without a firewall. */
function gatewayText(platform: Firewall['platform'], site: 'one' | 'two' = 'one'): string {
  const known = texts.get(`${platform} ${site}`) ?? plainText(platform, site)
  texts.set(`${platform} ${site}`, known)
  return known
}

function deviceOf(platform: Firewall['platform'], text: string): Device {
  const read = platformModule(platform)?.readDevice?.(text)
  if (!read) throw new Error(`${platform} cannot be read`)
  return read.device
}

const interfaces = (octet: number) =>
  `set interfaces ethernet ${inside} address 10.${octet}.0.14/28\nset interfaces ethernet ${outside} address 192.0.2.${octet}/24\nset protocols static route 0.0.0.0/0 next-hop 192.0.2.254\n`

/** The two gateways, of which the first has more lines. */
export function worldWith(platform: Firewall['platform'], lines: string): ReadonlyMap<string, WorldSite> {
  const { world } = worldOfDevices([
    { site: 'one', device: { ...deviceOf(platform, gatewayText(platform) + interfaces(1) + lines), file: 'one.txt' } },
    { site: 'two', device: { ...deviceOf(platform, gatewayText(platform, 'two') + interfaces(2)), file: 'two.txt' } },
  ])
  return world.sites
}

// Random ones.

const hosts: fc.Arbitrary<Hosts> = fc.record({
  network: fc.constantFrom(1 as const, 2 as const),
  first: fc.integer({ min: 0, max: 15 }),
  length: fc.constantFrom(28 as const, 30 as const, 31 as const, 32 as const),
})

const state = fc.record({
  kind: fc.constant('states' as const),
  states: fc.subarray(['new', 'established', 'related', 'invalid'], { minLength: 1 }),
})

const ends: fc.Arbitrary<Condition> = fc.record({
  kind: fc.constant('hosts' as const),
  side: fc.constantFrom('source' as const, 'destination' as const),
  hosts: fc.oneof(
    { weight: 3, arbitrary: hosts.map((one) => [one]) },
    { weight: 1, arbitrary: fc.tuple(hosts, hosts) },
  ),
  isNegated: fc.boolean(),
})

const arrived: fc.Arbitrary<Condition> = fc.record({ kind: fc.constant('arrived' as const), isEncrypted: fc.boolean() })

const passing: fc.Arbitrary<Condition> = fc.record({
  kind: fc.constant('interface' as const),
  side: fc.constantFrom('in' as const, 'out' as const),
  name: fc.constantFrom(inside, outside, 'eth9'),
  isNegated: fc.boolean(),
})

const transport: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    kind: fc.constant('port' as const),
    protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'tcp_udp' as const),
    ports: fc.subarray([53, 443, 40_000], { minLength: 1 }),
  }),
  fc.record({
    kind: fc.constant('protocol' as const),
    protocol: fc.constantFrom('tcp' as const, 'udp' as const),
    isNegated: fc.boolean(),
  }),
)

function conditions(platform: Firewall['platform'], isOpen: boolean): fc.Arbitrary<Condition[]> {
  const one = fc.oneof(ends, ends, state, arrived, transport, ...(platform === 'vyos-1.4' ? [passing] : []))
  const limit = fc
    .integer({ min: 0, max: 7 })
    .map((roll): Condition[] => (roll === 0 && isOpen ? [{ kind: 'limit' }] : []))
  return fc
    .tuple(fc.array(one, { maxLength: 3 }), limit)
    .map(([some, more]) => [...some, ...more])
    .map((all) => all.filter((each, at) => all.findIndex((other) => kindOf(other) === kindOf(each)) === at))
}

/** What stands once in a rule. */
function kindOf(one: Condition): string {
  if (one.kind === 'port' || one.kind === 'protocol') return 'transport'
  return 'side' in one ? `${one.kind} ${one.side}` : one.kind
}

const count = 3

interface Wanted {
  /** Whether some rules ask what nobody knows. */
  readonly isOpen: boolean
}

/** Sets call those behind them. */
function rulesOf(platform: Firewall['platform'], from: number, { isOpen }: Wanted): fc.Arbitrary<Rule[]> {
  const plain = [
    'accept',
    'accept',
    'drop',
    'reject',
    ...(platform === 'vyos-1.4' ? ['return', 'continue'] : []),
  ] as const
  const jumps =
    platform === 'vyos-1.4' && from + 1 < count
      ? [fc.record({ jump: fc.integer({ min: from + 1, max: count - 1 }) })]
      : []
  const rule: fc.Arbitrary<Rule> = fc.record({
    conditions: conditions(platform, isOpen),
    action: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...plain) },
      ...jumps.map((arbitrary) => ({ weight: 1, arbitrary })),
    ) as fc.Arbitrary<Action>,
    isDisabled: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
  })
  return fc.array(rule, { maxLength: 5 })
}

export function firewalls(wanted: Wanted): fc.Arbitrary<Firewall> {
  const maybe = (arbitrary: fc.Arbitrary<number>) => fc.option(arbitrary, { nil: undefined })
  const index = fc.integer({ min: 0, max: count - 1 })
  return fc.constantFrom('vyos-1.3' as const, 'vyos-1.4' as const).chain((platform) => {
    const isOlder = platform === 'vyos-1.3'
    const rests = isOlder
      ? (['accept', 'accept', 'drop', 'reject', undefined] as const)
      : (['accept', 'accept', 'drop', 'reject', 'return', undefined] as const)
    const zones = fc.record({
      hasInside: fc.integer({ min: 0, max: 5 }).map((roll) => roll > 0),
      hasOutside: fc.integer({ min: 0, max: 5 }).map((roll) => roll > 0),
      inward: maybe(index),
      outward: maybe(index),
      rest: fc.constantFrom('drop' as const, 'reject' as const, undefined),
    })
    return fc
      .record({
        platform: fc.constant(platform),
        step: fc.constantFrom(1, 10),
        policy: fc.dictionary(
          fc.constantFrom('established' as const, 'invalid' as const, 'related' as const),
          fc.constantFrom('accept' as const, 'accept' as const, 'drop' as const),
          { maxKeys: 3 },
        ),
        base: isOlder
          ? fc.constant(undefined)
          : fc.option(
              fc.record({
                rules: rulesOf(platform, -1, wanted),
                rest: fc.constantFrom('accept' as const, 'drop' as const, undefined),
              }),
              { nil: undefined, freq: 5 },
            ),
        sets: fc.tuple(
          ...Array.from({ length: count }, (_, at) =>
            fc.record({ rules: rulesOf(platform, at, wanted), rest: fc.constantFrom(...rests) }),
          ),
        ),
        bound: fc.record({
          'inside in': maybe(index),
          'inside out': maybe(index),
          'outside in': maybe(index),
          'outside out': maybe(index),
        }),
        zones: fc.option(zones, { nil: undefined, freq: 1 }),
      })
      .map((one): Firewall => {
        const none = {
          'inside in': undefined,
          'inside out': undefined,
          'outside in': undefined,
          'outside out': undefined,
        }
        // An interface has sets or a zone.
        return isOlder && !one.zones ? one : { ...one, bound: none }
      })
  })
}
