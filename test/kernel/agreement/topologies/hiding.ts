import { Prefix } from '@natplan/core'
import { pick, type Random } from '../../lab/mutations.ts'
import { bareGateway, connected, guarded, hostsOf, masquerading, translating, withChains } from '../compose.ts'
import type { GatewayState, NatRule, Network } from '../network.ts'

const lan = Prefix.parse('10.0.1.0/24')
const hidden = Prefix.parse('198.18.0.65/32')

const starts = [
  ['trap', 'trap'],
  ['start', 'trap'],
  ['trap', 'none'],
  ['none', 'trap'],
] as const

/** All of `a` is one address for `b`, and some of its ports lead to hosts. */
export function hiding(random: Random): Network {
  const isTranslated = random() < 0.6
  const lans = { a: lan, b: isTranslated ? lan : Prefix.parse('10.2.0.0/24') }
  const seenB = isTranslated ? Prefix.parse('192.168.1.0/24') : lans.b
  const a = secured(hidingIn(bareGateway('a', { lans: [lans.a] }), seenB, random), [seenB], random)
  const bare = bareGateway('b', { lans: [lans.b] })
  const translation = { from: lans.b, to: seenB, peers: [hidden], interface: 'wan0' }
  const b = secured(isTranslated ? translating(bare, [translation]) : bare, [hidden], random)
  const pairs = [{ local: [hidden], remote: [seenB] }]
  return {
    name: 'hiding',
    changes: '',
    gateways: connected(a, b, { pairs, start: pick(random, starts) }),
    hosts: [...hostsOf('a', [lans.a]), ...hostsOf('b', [lans.b])],
    natBox: undefined,
    called: new Map([
      ['a', [seenB]],
      ['b', [hidden]],
    ]),
  }
}

function hidingIn(gateway: GatewayState, peer: Prefix, random: Random): GatewayState {
  const hide: NatRule = { kind: 'hide', interface: 'wan0', source: lan, destination: peer, to: hidden }
  const forward = (protocol: 'tcp' | 'udp', host: number): NatRule => ({
    kind: 'forward',
    interface: 'wan0',
    source: peer,
    protocol,
    port: pick(random, [7000, 7000, 443]),
    destination: hidden,
    to: lan.at(host).toString(),
  })
  const table = 'inet natplan'
  return withChains(gateway, [
    {
      ...{ table, name: 'destination', hook: 'prerouting', priority: -110 },
      rules: [forward('tcp', 5), forward('udp', 6)],
    },
    { table, name: 'source', hook: 'postrouting', priority: 90, rules: [hide] },
  ])
}

function secured(gateway: GatewayState, peers: readonly Prefix[], random: Random): GatewayState {
  const masked = random() < 0.7 ? masquerading(gateway) : gateway
  const at = pick(random, [{ kind: 'on', interface: 'wan0' } as const, { kind: 'off', interface: 'lan0' } as const])
  return random() < 0.7 ? guarded(masked, peers, at) : masked
}
