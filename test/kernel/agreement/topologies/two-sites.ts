import { Prefix } from '@natplan/core'
import { pick, type Random } from '../../lab/mutations.ts'
import {
  any,
  bareGateway,
  type ConnectOptions,
  connected,
  guarded,
  hostsOf,
  masquerading,
  passing,
  translating,
  withChains,
  withConnection,
} from '../compose.ts'
import type { GatewayState, NatBox, Network } from '../network.ts'
import { uplinkOf } from '../wiring.ts'

const starts = [
  ['trap', 'trap'],
  ['start', 'trap'],
  ['trap', 'none'],
  ['none', 'trap'],
] as const

interface Between {
  readonly name: string
  readonly a: GatewayState
  readonly b: GatewayState
  readonly lans: Readonly<Record<'a' | 'b', readonly Prefix[]>>
  readonly called: Readonly<Record<'a' | 'b', readonly Prefix[]>>
  readonly natBox?: NatBox
}

function between({ name, a, b, lans, called, natBox }: Between): Network {
  return {
    name,
    changes: '',
    gateways: [a, b],
    hosts: [...hostsOf('a', lans.a), ...hostsOf('b', lans.b)],
    natBox,
    called: new Map([
      ['a', called.a],
      ['b', called.b],
    ]),
  }
}

function prefix(text: string): Prefix {
  return Prefix.parse(text)
}

/** One network of `b` lies in that of `a`, the other does not; others translate as well, sooner or later than natplan. */
export function partialOverlap(random: Random): Network {
  const lans = { a: [prefix('10.0.0.0/23')], b: [prefix('10.0.1.0/24'), prefix('10.50.0.0/24')] } as const
  const [seenA, seenB, plainB] = [prefix('192.168.2.0/23'), prefix('192.168.1.0/24'), lans.b[1]]
  const peersOfA = [seenB, plainB]
  const translatedA = translating(bareGateway('a', { lans: lans.a }), [
    { from: lans.a[0], to: seenA, peers: peersOfA, interface: 'wan0' },
  ])
  const translatedB = translating(bareGateway('b', { lans: lans.b }), [
    { from: lans.b[0], to: seenB, peers: [seenA], interface: 'wan0' },
  ])
  const priority = () => pick(random, [80, 100, 110])
  const spared = (peers: readonly Prefix[]) => (random() < 0.5 ? peers : [])
  const maskedA = masquerading(translatedA, { priority: priority(), except: spared(peersOfA) })
  const maskedB = masquerading(translatedB, { priority: priority(), except: spared([seenA]) })
  const forwarded = withChains(maskedB, [
    {
      table: 'ip forwards',
      name: 'prerouting',
      hook: 'prerouting',
      priority: pick(random, [-120, -100]),
      rules: [
        {
          kind: 'forward',
          interface: pick(random, ['wan0', undefined]),
          protocol: 'tcp',
          port: pick(random, [443, 7000]),
          destination: undefined,
          to: lans.b[1].at(6).toString(),
        },
      ],
    },
  ])
  const pairs = peersOfA.map((remote) => ({ local: [seenA], remote: [remote] }))
  const [a, b] = connected(maskedA, forwarded, { pairs, start: pick(random, starts) })
  return between({
    name: 'partial overlap',
    a: guarded(a, peersOfA, { kind: 'on', interface: 'wan0' }),
    b: random() < 0.5 ? guarded(b, [seenA], { kind: 'on', interface: 'wan0' }) : b,
    lans,
    called: { a: peersOfA, b: [seenA, plainB] },
  })
}

/** Packets go through a virtual interface, by routes; selectors are any to any, or narrow. */
export function routeBased(random: Random): Network {
  const isTranslated = random() < 0.5
  const lans = { a: [prefix('10.0.1.0/24')], b: [prefix(isTranslated ? '10.0.1.0/24' : '10.2.0.0/24')] } as const
  const seen = isTranslated
    ? { a: prefix('192.168.2.0/24'), b: prefix('192.168.1.0/24') }
    : { a: lans.a[0], b: lans.b[0] }
  const isNarrow = random() < 0.5
  const side = (site: 'a' | 'b', peer: Prefix) => {
    const bare = virtual(bareGateway(site, { lans: lans[site] }), { id: 42, routes: [peer] })
    const translation = { from: lans[site][0], to: seen[site], peers: [peer], interface: 'ipsec0' }
    const translated = isTranslated ? translating(bare, [translation]) : bare
    return random() < 0.7 ? masquerading(translated) : translated
  }
  const pair = isNarrow ? { local: [seen.a], remote: [seen.b] } : { local: [any], remote: [any] }
  const [a, b] = connected(side('a', seen.b), side('b', seen.a), {
    pairs: [{ ...pair, interfaceId: 42 }],
    start: pick(random, starts),
  })
  return between({ name: 'route-based', a, b, lans, called: { a: [seen.b], b: [seen.a] } })
}

function virtual(
  gateway: GatewayState,
  { id, routes }: { readonly id: number; readonly routes: readonly Prefix[] },
): GatewayState {
  return {
    ...gateway,
    addresses: [
      ...gateway.addresses,
      `link add ipsec0 type xfrm dev ${gateway.uplinks[0]} if_id ${id}`,
      'link set ipsec0 up',
    ],
    routes: [...gateway.routes, ...routes.map((route) => `${route} dev ipsec0`)],
    installRoutes: false,
  }
}

/** Everything goes into the tunnel, with or without a child that keeps the own networks out of it. */
export function anyToAny(random: Random): Network {
  const lans = {
    a: [prefix('10.1.0.0/24'), prefix('10.1.1.0/24')],
    b: [prefix('10.2.0.0/24'), prefix('10.2.1.0/24')],
  } as const
  const isWide = random() < 0.5
  const pairs = [{ local: isWide ? [any] : [prefix('10.1.0.0/16')], remote: [any] }]
  const bare = (site: 'a' | 'b') => {
    const gateway = { ...bareGateway(site, { lans: lans[site] }), installRoutes: random() < 0.5 }
    const own = [prefix(site === 'a' ? '10.1.0.0/16' : '10.2.0.0/16')]
    const kept = random() < 0.6 ? withConnection(gateway, passing(own, own)) : gateway
    return random() < 0.4 ? masquerading(kept) : kept
  }
  const [a, b] = connected(bare('a'), bare('b'), { pairs, start: pick(random, starts) })
  return between({
    name: 'any to any',
    a,
    b,
    lans,
    called: { a: [...lans.b, ...lans.a], b: [...lans.a, ...lans.b] },
  })
}

/** The remote prefix holds the own network: what strongSwan installs for it in table 220 is asked first. */
export function summary(random: Random): Network {
  const lans = { a: [prefix('10.5.0.0/24'), prefix('10.6.0.0/24')], b: [prefix('10.7.0.0/24')] } as const
  const all = prefix('10.0.0.0/8')
  const bare = (site: 'a' | 'b') => {
    const gateway = { ...bareGateway(site, { lans: lans[site] }), installRoutes: random() < 0.5 }
    const own = site === 'a' && random() < 0.4 ? withConnection(gateway, passing([all], [...lans.a])) : gateway
    return random() < 0.5 ? masquerading(own, { except: [all] }) : own
  }
  const pairs = [{ local: [lans.a[0]], remote: [all] }]
  const [a, b] = connected(bare('a'), bare('b'), { pairs, start: pick(random, starts) })
  const blackhole = { ...b, routes: random() < 0.5 ? [...b.routes, `blackhole ${all}`] : b.routes }
  return between({
    name: 'summary',
    a,
    b: blackhole,
    lans,
    called: { a: [lans.b[0], lans.a[0], lans.a[1]], b: [lans.a[0], lans.a[0], lans.a[1]] },
  })
}

/** A backup default route on a second uplink; it may be in use, and the tunnel's own packets leave by the first one still, by their source. */
export function secondUplink(random: Random): Network {
  const lans = { a: [prefix('10.0.1.0/24')], b: [prefix('10.0.1.0/25')] } as const
  const seen = { a: prefix('192.168.2.0/24'), b: prefix('192.168.1.0/25') }
  const isOver = random() < 0.5
  const side = (site: 'a' | 'b', peer: Prefix) => {
    const bare = bareGateway(site, { lans: lans[site], uplinks: site === 'a' ? 2 : 1 })
    const translation = { from: lans[site][0], to: seen[site], peers: [peer], interface: 'wan0' }
    const masked = masquerading(translating(bare, [translation]))
    const both = site === 'a' ? masquerading(masked, { interface: 'wan1', priority: 101 }) : masked
    const at = pick(random, [{ kind: 'on', interface: 'wan0' } as const, { kind: 'off', interface: 'lan0' } as const])
    return random() < 0.8 ? guarded(both, [peer], at) : both
  }
  const [a, b] = connected(side('a', seen.b), side('b', seen.a), {
    pairs: [{ local: [seen.a], remote: [seen.b] }],
    start: pick(random, starts),
  })
  const { address, gateway } = uplinkOf('a', 0)
  const over = {
    routes: [
      ...a.routes.filter((route) => !route.includes('dev wan0')),
      `default via ${gateway} dev wan0 table ${ownTable}`,
    ],
    policies: [...a.policies, `from ${address} lookup ${ownTable} pref 50`],
  }
  return between({
    name: isOver ? 'second uplink, in use' : 'second uplink',
    a: { ...a, ...(isOver ? over : {}), chains: distinct(a.chains) },
    b,
    lans,
    called: { a: [seen.b], b: [seen.a] },
  })
}

/** Routes for what has the address of the first uplink. */
const ownTable = 101

/** Two chains of a table need two names. */
function distinct(chains: GatewayState['chains']): GatewayState['chains'] {
  return chains.map((chain, index) => ({ ...chain, name: `${chain.name}${index}` }))
}

/** `a` has a private address; a box in front of it forwards what peers send. */
export function behindNat(random: Random): Network {
  const lans = { a: [prefix('10.0.1.0/26')], b: [prefix('10.0.1.0/24')] } as const
  const seen = { a: prefix('192.168.2.0/26'), b: prefix('192.168.1.0/24') }
  const box = { site: 'a', inside: '192.168.99.1', gateway: '192.168.99.2', outside: uplinkOf('a', 0).address }
  const bareA = {
    ...bareGateway('a', { lans: lans.a }),
    addresses: [
      `address add ${lans.a[0].at(1)}/${lans.a[0].length} dev lan0`,
      `address add ${box.gateway}/24 dev wan0`,
    ],
    routes: [`default via ${box.inside} dev wan0`],
  }
  const side = (gateway: GatewayState, site: 'a' | 'b', peer: Prefix) => {
    const translation = { from: lans[site][0], to: seen[site], peers: [peer], interface: 'wan0' }
    const masked = random() < 0.6 ? masquerading(gateway) : gateway
    const translated = translating(masked, [translation])
    return random() < 0.6 ? guarded(translated, [peer], { kind: 'off', interface: 'lan0' }) : translated
  }
  const options: ConnectOptions = {
    pairs: [{ local: [seen.a], remote: [seen.b] }],
    start: pick(random, starts),
    first: { own: box.gateway, known: box.outside },
  }
  const bareB = bareGateway('b', { lans: lans.b })
  const [a, b] = connected(side(bareA, 'a', seen.b), side(bareB, 'b', seen.a), options)
  return between({ name: 'behind NAT', a, b, lans, called: { a: [seen.b], b: [seen.a] }, natBox: box })
}
