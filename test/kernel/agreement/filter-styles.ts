import type { Prefix } from '@natplan/core'
import { halfOf, pick, type Random } from '../lab/mutations.ts'
import { apart, type Ends, single, sometimes } from './filter-ends.ts'
import {
  type Condition,
  type FilterChain,
  type FilterRule,
  type Filters,
  type FilterVerdict,
  filterHooks,
} from './network.ts'
import type { WrittenFilters } from './written-filters.ts'

export const accept: FilterVerdict = { kind: 'accept' }
export const drop: FilterVerdict = { kind: 'drop' }

function rule(verdict: FilterVerdict, ...conditions: readonly Condition[]): FilterRule {
  return { kind: 'rule', conditions, verdict }
}

function from(prefixes: readonly Prefix[], isNegated = false): Condition {
  return { kind: 'source', prefixes, isNegated }
}

function to(prefixes: readonly Prefix[], isNegated = false): Condition {
  return { kind: 'destination', prefixes, isNegated }
}

export interface Chosen {
  readonly filters: Filters
  readonly written?: WrittenFilters
  readonly said: string
}

export type Style = (ends: Ends, random: Random) => Chosen

/** Answers are let through, in one of the ways in which people write that. */
function answersPass(random: Random): FilterRule {
  const states = pick(random, [
    ['established', 'related'],
    ['established', 'related'],
    ['related', 'established'],
    ['established'],
  ] as const)
  if (random() < 0.7) return rule(accept, { kind: 'state', states })
  const invalid = sometimes(random, 0.5, ['invalid', drop] as const)
  return { kind: 'map', by: 'ct state', verdicts: [...states.map((state) => [state, accept] as const), ...invalid] }
}

/** What comes out of a tunnel. */
function inward({ lans, remotes, outside }: Ends, random: Random): readonly Condition[] {
  const states = sometimes(random, 0.3, { kind: 'state', states: ['new'] } as const)
  const ways: readonly (readonly Condition[])[] = [
    [from(remotes), to(lans)],
    [from(remotes)],
    [{ kind: 'arrived', how: 'exists' }],
    [{ kind: 'arrived', how: 'exists' }, to(lans)],
    [{ kind: 'in', names: outside }, from(remotes)],
    [{ kind: 'source set', set: 'remotes' }],
    [{ kind: 'in', names: ['lan0'], isNegated: true }, to(lans)],
    [{ kind: 'translated' }],
    [from(remotes), { kind: 'ports', protocol: pick(random, ['tcp', 'udp']), ports: [443, 7000] }],
    [from(remotes), { kind: 'protocol', names: pick(random, [['icmp', 'udp'], ['tcp']]) }],
  ]
  return [...states, ...pick(random, ways)]
}

/** What goes to the peers. */
function outward({ gateway, lans, remotes, outside }: Ends, random: Random): readonly Condition[] {
  const ways: readonly (readonly Condition[])[] = [
    [{ kind: 'in', names: gateway.inside }],
    [{ kind: 'in', names: gateway.inside }],
    [
      { kind: 'in', names: ['lan0'] },
      { kind: 'out', names: outside },
    ],
    [from(lans)],
    [from(lans), to(remotes)],
    [{ kind: 'destination set', set: 'remotes' }],
    [{ kind: 'leaving', how: 'exists' }],
    [
      { kind: 'state', states: ['new'] },
      { kind: 'out', names: outside },
    ],
    [
      { kind: 'out', names: outside },
      { kind: 'protocol', names: ['tcp', 'udp', 'icmp'] },
    ],
  ]
  return pick(random, ways)
}

/** One of many that firewalls of every kind have: nothing but what is listed is forwarded. */
export const stateful: Style = (ends, random) => {
  const { remotes, gateway } = ends
  const table = pick(random, ['inet firewall', 'ip filter'])
  const forward: FilterChain = {
    table,
    name: 'forward',
    base: { hook: 'forward', priority: pick(random, [-150, -50, 0, 0, 10, 150]), policy: 'drop' },
    rules: [
      ...sometimes(random, 0.9, answersPass(random)),
      ...sometimes(random, 0.3, rule(drop, { kind: 'state', states: ['invalid'] })),
      ...sometimes(random, 0.85, rule(accept, ...outward(ends, random))),
      ...sometimes(random, 0.85, rule(accept, ...inward(ends, random))),
      ...sometimes(random, 0.3, rule(accept, { kind: 'in', names: gateway.inside }, { kind: 'out', names: ['wan0'] })),
      ...sometimes(random, 0.2, rule({ kind: 'reject' }, { kind: 'in', names: gateway.inside })),
    ].filter((one) => table.startsWith('inet') || !isRejecting(one)),
  }
  return {
    filters: { sets: [{ table, name: 'remotes', prefixes: remotes }], chains: [forward] },
    said: `a forward chain at ${forward.base?.priority}`,
  }
}

/** The kernel of the guest answers to a rejection in tables of both families only. */
function isRejecting(one: FilterRule): boolean {
  return one.kind === 'rule' && one.verdict.kind === 'reject'
}

/** Forwarded packets meet chains that rules call. */
export const called: Style = (ends, random) => {
  const { remotes, lans, gateway } = ends
  const table = 'inet calls'
  const chain = (name: string, rules: readonly FilterRule[]): FilterChain => ({ table, name, base: undefined, rules })
  const call = (name: string): FilterVerdict => ({ kind: pick(random, ['jump', 'jump', 'goto']), chain: name })
  const checks = chain('checks', [
    rule(pick(random, [drop, { kind: 'return' }, accept]), from([halfOf(pick(random, remotes), random)])),
    rule(pick(random, [drop, { kind: 'return' }]), to([halfOf(pick(random, lans), random)]), {
      kind: 'protocol',
      names: [pick(random, ['tcp', 'udp', 'icmp'])],
    }),
    ...sometimes(random, 0.3, rule(accept, { kind: 'ports', protocol: 'udp', ports: [7000] })),
  ])
  const remote = chain('from-remote', [
    ...sometimes(random, 0.6, rule(call('checks'))),
    ...sometimes(random, 0.85, rule(accept, ...inward(ends, random))),
    ...sometimes(random, 0.2, rule({ kind: 'return' }, { kind: 'state', states: ['established'] })),
    ...sometimes(random, 0.3, rule(drop)),
  ])
  const local = chain('from-local', [
    ...sometimes(random, 0.3, rule(call('checks'), ...outward(ends, random))),
    ...sometimes(random, 0.85, rule(accept, ...outward(ends, random))),
    ...sometimes(random, 0.2, rule({ kind: 'reject' }, { kind: 'protocol', names: ['tcp'] })),
  ])
  const isOneMap = random() < 0.35
  const byInterface: FilterRule = {
    kind: 'map',
    by: 'iifname',
    verdicts: [
      ...gateway.inside.map((name) => [`"${name}"`, call('from-local')] as const),
      ...ends.outside.map((name) => [`"${name}"`, call('from-remote')] as const),
    ],
  }
  const byAddress: FilterRule = {
    kind: 'map',
    by: 'ip saddr',
    verdicts: apart([...lans, ...remotes]).map((one) => [
      String(one),
      call(lans.includes(one) ? 'from-local' : 'from-remote'),
    ]),
  }
  const calls = [
    rule(call('from-local'), { kind: 'in', names: gateway.inside }),
    rule(
      call('from-remote'),
      ...pick<readonly Condition[]>(random, [
        [{ kind: 'arrived', how: 'exists' }],
        [{ kind: 'in', names: ['lan0'], isNegated: true }],
        [],
      ]),
    ),
  ]
  const policy = pick(random, ['drop', 'drop', 'accept'] as const)
  const forward: FilterChain = {
    table,
    name: 'forward',
    base: { hook: 'forward', priority: pick(random, [-50, 0, 10]), policy },
    rules: [
      ...sometimes(random, 0.85, answersPass(random)),
      ...(isOneMap ? [pick(random, [byInterface, byAddress])] : calls),
      ...sometimes(random, 0.2, rule(accept, to(lans))),
    ],
  }
  return {
    filters: { sets: [{ table, name: 'remotes', prefixes: remotes }], chains: [forward, remote, local, checks] },
    said: 'chains that a forward chain calls',
  }
}

/** What comes to the gateway itself, and what it sends, is closed but for what is listed. */
export const closed: Style = (ends, random) => {
  const table = 'inet own'
  const kept = (chance: number) => random() < chance
  const opened = (side: 'source' | 'destination'): readonly FilterRule[] => {
    const isAny = random() < 0.5
    const peer: readonly Condition[] =
      isAny || ends.peers.length === 0
        ? []
        : [{ kind: side === 'source' ? 'source set' : 'destination set', set: 'peers' }]
    const ports = random() < 0.8 ? [500, 4500] : [pick(random, [500, 4500])]
    return [
      ...(kept(0.85) ? [rule(accept, ...peer, { kind: 'ports', protocol: 'udp', ports })] : []),
      ...(kept(0.85) ? [rule(accept, ...peer, { kind: 'protocol', names: ['esp'] })] : []),
    ]
  }
  const input: FilterChain = {
    table,
    name: 'input',
    base: { hook: 'input', priority: pick(random, [-50, 0, 0, 10]), policy: pick(random, ['drop', 'drop', 'accept']) },
    rules: [
      ...sometimes(random, 0.85, answersPass(random)),
      rule(accept, { kind: 'in', names: ['lo', 'lan0'] }),
      ...opened('source'),
      ...sometimes(random, 0.2, rule(drop, { kind: 'in', names: ['wan0'] })),
    ],
  }
  const output: FilterChain = {
    table,
    name: 'output',
    base: { hook: 'output', priority: pick(random, [-150, 0, 10]), policy: 'drop' },
    rules: [
      ...sometimes(random, 0.9, answersPass(random)),
      rule(accept, { kind: 'out', names: ['lo', 'lan0'] }),
      ...opened('destination'),
    ],
  }
  const prefixes = ends.peers.map(single)
  const chosen = pick(random, [[input], [input], [input], [input, output], [output]])
  return {
    filters: { sets: prefixes.length === 0 ? [] : [{ table, name: 'peers', prefixes }], chains: chosen },
    said: chosen.map(({ name }) => `a closed ${name} chain`).join(' and '),
  }
}

/** Few packets are dropped, at one of the many places where that can be done. */
export const elsewhere: Style = (ends, random) => {
  const hook = pick(random, filterHooks)
  const priority = pick(random, [-300, -150, -50, 0, 10, 150])
  const [early, late] = [random() < 0.3, random() < 0.5]
  const count = 1 + Math.floor(random() * 2)
  const rules = [
    ...(early ? [rule(accept, ...dropped(ends, { hook, priority }, random))] : []),
    ...Array.from({ length: count }, () => rule(drop, ...dropped(ends, { hook, priority }, random))),
    ...(late ? [rule(accept)] : []),
  ]
  const table = pick(random, ['inet more', 'ip more'])
  const base = { hook, priority, policy: random() < 0.85 || !late ? ('accept' as const) : ('drop' as const) }
  return {
    filters: { sets: [], chains: [{ table, name: 'some', base, rules }] },
    said: `some packets dropped in ${hook} at ${priority}`,
  }
}

function dropped(
  { gateway, lans, visible, remotes, outside, peers }: Ends,
  { hook, priority }: { readonly hook: (typeof filterHooks)[number]; readonly priority: number },
  random: Random,
): readonly Condition[] {
  const isOwn = hook === 'input' || hook === 'output'
  const port = pick(random, [7000, 7000, 443])
  const own: readonly (readonly Condition[])[] = [
    [{ kind: 'protocol', names: ['esp'] }],
    [{ kind: 'ports', protocol: 'udp', ports: [4500] }],
    [
      { kind: 'ports', protocol: 'udp', ports: [500] },
      { kind: 'state', states: ['new'] },
    ],
    [
      { kind: 'state', states: ['new'] },
      { kind: 'protocol', names: ['esp'] },
    ],
    ...(peers.length > 0
      ? [[{ kind: hook === 'input' ? 'source' : 'destination', prefixes: peers.map(single) }] as const]
      : []),
  ]
  const all: readonly (readonly Condition[])[] = [
    [from([halfOf(pick(random, remotes), random)])],
    [to([halfOf(pick(random, remotes), random)])],
    [to([halfOf(pick(random, lans), random)])],
    [
      to([halfOf(pick(random, [...visible, ...lans]), random)]),
      { kind: 'protocol', names: [pick(random, ['tcp', 'udp'])] },
    ],
    [from([halfOf(pick(random, [...visible, ...lans]), random)])],
    [{ kind: 'protocol', names: [pick(random, ['tcp', 'udp', 'icmp'])] }],
    [{ kind: 'ports', protocol: pick(random, ['tcp', 'udp']), ports: [port] }],
    [{ kind: 'state', states: [pick(random, ['new', 'established', 'invalid'] as const)] }, from(remotes)],
    [
      { kind: 'state', states: ['new'] },
      { kind: 'protocol', names: ['udp'] },
    ],
    ...(hook === 'prerouting' || hook === 'forward'
      ? [
          [{ kind: 'arrived', how: 'missing' }, from(remotes)] as const,
          [{ kind: 'arrived', how: 'exists' }, to([halfOf(pick(random, lans), random)])] as const,
          [
            { kind: 'in', names: outside },
            { kind: 'protocol', names: ['udp'] },
          ] as const,
          [
            { kind: 'in', names: gateway.inside, isNegated: true },
            to(lans),
            { kind: 'state', states: ['new'] },
          ] as const,
        ]
      : []),
    ...(hook === 'forward' || hook === 'postrouting'
      ? [
          [{ kind: 'leaving', how: 'missing' }, to(remotes)] as const,
          [
            { kind: 'leaving', how: 'exists' },
            { kind: 'protocol', names: ['icmp', 'tcp'] },
          ] as const,
          [{ kind: 'out', names: ['lan0'] }, { kind: 'translated' }, { kind: 'protocol', names: ['tcp'] }] as const,
        ]
      : []),
  ]
  const found = pick(random, isOwn ? own : random() < 0.15 ? own : all)
  // Before a packet is tracked every state but `invalid` is nothing at all.
  const isBlind = priority < -200 && hook !== 'forward' && random() < 0.7
  return isBlind ? found.filter(({ kind }) => kind !== 'state') : found
}

/** Two that do not know of each other. */
export const together: Style = (ends, random) => {
  const [one, other] = [pick(random, [stateful, called])(ends, random), pick(random, [closed, elsewhere])(ends, random)]
  return {
    filters: {
      sets: [...one.filters.sets, ...other.filters.sets],
      chains: [...one.filters.chains, ...other.filters.chains],
    },
    said: `${one.said} and ${other.said}`,
  }
}
