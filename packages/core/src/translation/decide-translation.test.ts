import { describe, expect, it } from 'vitest'
import { emptyLock, type Lock } from '../allocation/lock.ts'
import { readLock } from '../allocation/read-lock.ts'
import { normalize } from '../network/normalize.ts'
import { peersIn } from '../network/peers.ts'
import type { WrittenNetwork } from '../network/written.ts'
import { type Occupied, occupiedIn } from '../overlap/occupied.ts'
import { PrefixForest } from '../overlap/prefix-forest.ts'
import { decideTranslation } from './decide-translation.ts'
import { type Decision, isTranslated } from './decision.ts'

type Sites = WrittenNetwork['sites']

interface Case {
  readonly why: string
  readonly sites: Sites
  /** Such as `a-hub`; every pair is joined without. */
  readonly tunnels?: readonly string[]
  readonly lock?: object
  readonly decisions?: readonly string[]
  readonly codes?: readonly string[]
}

function lockOf(sites: object | undefined): Lock {
  if (!sites) return emptyLock
  const { value, findings } = readLock({ version: 1, sites })
  if (!value) throw new Error(findings.map(({ message }) => message).join('\n'))
  return value
}

function decide({ sites, tunnels, lock }: Case) {
  const listed = tunnels && { tunnels: tunnels.map((ends) => ({ sites: ends.split('-') })) }
  const { value: network, findings } = normalize({ version: 1, sites, ...listed })
  if (!network) throw new Error(findings.map(({ message }) => message).join('\n'))
  const forest = new PrefixForest<Occupied>(occupiedIn(network), ({ prefix }) => prefix)
  return decideTranslation(network, { peers: peersIn(network), forest, lock: lockOf(lock) })
}

function describeDecision({ subnet, translatedFor, reason }: Decision): string {
  const peers = translatedFor === 'all' ? 'all' : translatedFor.join(',')
  const because =
    reason?.kind === 'collision' ? `meets ${reason.with.prefix} of ${reason.with.site} at ${reason.at}` : reason?.kind
  return `${subnet.site} ${subnet.prefix} for ${peers}: ${because}`
}

const block = { subnets: ['10.0.0.0/24'] }
const other = { subnets: ['10.9.0.0/24'] }
const none = { subnets: [] }
const always = { subnets: [{ prefix: '10.0.0.0/24', translate: 'always' as const }] }
const never = { subnets: [{ prefix: '10.0.0.0/24', translate: 'never' as const }] }
const pinned = { subnets: [{ prefix: '10.0.0.0/24', translateTo: '192.168.7.0/24' }] }
const spokes = ['a-hub', 'b-hub']
const pairA = 'a 10.0.0.0/24 for all: meets 10.0.0.0/24 of b at b'
const pairB = 'b 10.0.0.0/24 for all: meets 10.0.0.0/24 of a at a'
const spokeA = 'a 10.0.0.0/24 for all: meets 10.0.0.0/24 of b at hub'
const spokeB = 'b 10.0.0.0/24 for all: meets 10.0.0.0/24 of a at hub'

function gateway(address: string) {
  return { gateway: { outside: { interface: 'eth0', address } } }
}

function real(...peers: string[]) {
  return { '10.0.0.0/24': { realFor: peers } }
}

function translated(...peers: string[]) {
  return { '10.0.0.0/24': { translated: '192.168.0.0/24', translatedFor: peers } }
}

describe('two sites', () => {
  it.each<Case>([
    { why: 'nothing collides', sites: { a: block, b: other } },
    {
      why: 'the same subnet: neither real prefix is usable at the other end',
      sites: { a: block, b: block },
      decisions: [pairA, pairB],
    },
    {
      why: 'a part of the other',
      sites: { a: { subnets: ['10.0.0.0/27'] }, b: block },
      decisions: [
        'a 10.0.0.0/27 for all: meets 10.0.0.0/24 of b at b',
        'b 10.0.0.0/24 for all: meets 10.0.0.0/27 of a at a',
      ],
    },
    {
      why: 'only one of two subnets collides',
      sites: { a: { subnets: ['10.0.0.0/24', '10.1.0.0/24'] }, b: block },
      decisions: [pairA, pairB],
    },
    {
      why: 'reserved space at the peer',
      sites: { a: block, b: { ...other, reserved: ['10.0.0.0/16'] } },
      decisions: ['a 10.0.0.0/24 for all: meets 10.0.0.0/16 of b at b'],
    },
    { why: 'own reserved space is no collision', sites: { a: { ...block, reserved: ['10.0.0.0/16'] }, b: other } },
    {
      why: 'pods at the peer',
      sites: { a: block, b: { ...other, kubernetes: { podSubnets: ['10.0.0.0/24'] } } },
      decisions: ['a 10.0.0.0/24 for all: meets 10.0.0.0/24 of b at b'],
    },
    {
      why: 'services at the peer',
      sites: { a: block, b: { ...other, kubernetes: { serviceSubnets: ['10.0.0.0/24'] } } },
      decisions: ['a 10.0.0.0/24 for all: meets 10.0.0.0/24 of b at b'],
    },
    {
      why: 'routed pods on both sides',
      sites: { a: { ...none, kubernetes: { podSubnets: ['10.0.0.0/24'], podEgress: 'routed' } }, b: block },
      decisions: [pairA, pairB],
    },
    {
      why: "the peer's endpoint, through which it reaches its own gateway",
      sites: { a: block, b: { ...other, ...gateway('10.0.0.1') } },
      decisions: ['a 10.0.0.0/24 for all: meets 10.0.0.1/32 of b at b'],
    },
    {
      why: "the site's own endpoint: the peer must reach it outside the tunnel",
      sites: { a: { ...block, ...gateway('10.0.0.1') }, b: other },
      decisions: ['a 10.0.0.0/24 for all: meets 10.0.0.1/32 of a at b'],
    },
    { why: 'the plan file says always', sites: { a: always, b: other }, decisions: ['a 10.0.0.0/24 for all: always'] },
    { why: 'a pin', sites: { a: pinned, b: other }, decisions: ['a 10.0.0.0/24 for all: pin'] },
    {
      why: 'a collision with a subnet that is always translated is one all the same: it is in use there',
      sites: { a: block, b: always },
      decisions: ['a 10.0.0.0/24 for all: meets 10.0.0.0/24 of b at b', 'b 10.0.0.0/24 for all: always'],
    },
    { why: 'never, and nothing collides', sites: { a: never, b: other } },
    {
      why: 'never, and it collides',
      sites: { a: never, b: other, c: block },
      tunnels: ['a-b', 'a-c'],
      decisions: ['c 10.0.0.0/24 for all: meets 10.0.0.0/24 of a at a'],
      codes: ['TRANSLATION_IMPOSSIBLE'],
    },
    { why: 'no tunnel joins them', sites: { a: block, b: block }, tunnels: [] },
    { why: 'a site alone', sites: { a: block } },
    {
      why: 'IPv6 that collides',
      sites: { a: { subnets: ['fd00::/64'] }, b: { subnets: ['fd00::/48'] } },
      codes: ['IPV6_OVERLAP', 'IPV6_OVERLAP'],
    },
    { why: 'IPv6 beside IPv4', sites: { a: { subnets: ['::a00:0/120', '10.1.0.0/24'] }, b: block } },
  ])('$why', (given) => {
    const { decisions, findings } = decide(given)
    expect(decisions.filter(isTranslated).map(describeDecision)).toEqual(given.decisions ?? [])
    expect(findings.map(({ code }) => code)).toEqual(given.codes ?? [])
  })
})

describe('spokes around a hub', () => {
  it.each<Case>([
    {
      why: 'two that collide only at the hub are both translated',
      sites: { a: block, b: block, hub: other },
      tunnels: spokes,
      decisions: [spokeA, spokeB],
    },
    {
      why: 'one inside the other',
      sites: { a: { subnets: ['10.0.0.0/16'] }, b: block, hub: other },
      tunnels: spokes,
      decisions: [
        'a 10.0.0.0/16 for all: meets 10.0.0.0/24 of b at hub',
        'b 10.0.0.0/24 for all: meets 10.0.0.0/16 of a at hub',
      ],
    },
    {
      why: 'the hub uses it, too: the spokes collide with the hub',
      sites: { a: block, b: block, hub: block },
      tunnels: spokes,
      decisions: [
        'a 10.0.0.0/24 for all: meets 10.0.0.0/24 of hub at hub',
        'b 10.0.0.0/24 for all: meets 10.0.0.0/24 of hub at hub',
        'hub 10.0.0.0/24 for all: meets 10.0.0.0/24 of a at a',
      ],
    },
    {
      why: 'never keeps its real prefix against a spoke that may be translated',
      sites: { a: never, b: block, hub: other },
      tunnels: spokes,
      decisions: [spokeB],
    },
    {
      why: 'two that must not be translated',
      sites: { a: never, b: never, hub: other },
      tunnels: spokes,
      codes: ['TRANSLATION_IMPOSSIBLE', 'TRANSLATION_IMPOSSIBLE'],
    },
    {
      why: 'a spoke that is always translated is not seen under its real prefix',
      sites: { a: block, b: always, hub: other },
      tunnels: spokes,
      decisions: ['b 10.0.0.0/24 for all: always'],
    },
    {
      why: 'a spoke that is occupied at the hub is not seen under its real prefix',
      sites: { a: block, b: { subnets: ['10.0.0.0/16'] }, hub: { ...other, reserved: ['10.0.9.0/24'] } },
      tunnels: spokes,
      decisions: ['b 10.0.0.0/16 for all: meets 10.0.9.0/24 of hub at hub'],
    },
    {
      why: 'only at the hub where they meet',
      sites: { a: block, b: block, c: other, hub: none },
      tunnels: [...spokes, 'a-c'],
      decisions: ['a 10.0.0.0/24 for hub: meets 10.0.0.0/24 of b at hub', spokeB],
    },
    {
      why: 'the endpoint of another spoke, which the hub must reach',
      sites: { a: block, b: { ...none, ...gateway('10.0.0.1') }, hub: other },
      tunnels: spokes,
      decisions: ['a 10.0.0.0/24 for all: meets 10.0.0.1/32 of b at hub'],
    },
    {
      why: 'the endpoint of a site that the hub is not joined to',
      sites: { a: block, b: { ...none, ...gateway('10.0.0.1') }, hub: other },
      tunnels: ['a-hub'],
    },
    {
      why: 'two subnets of one spoke are no collision, a third one of another spoke is',
      sites: { a: { subnets: ['10.0.0.0/25', '10.0.0.128/25'] }, b: { subnets: ['10.0.0.128/26'] }, hub: other },
      tunnels: spokes,
      decisions: [
        'a 10.0.0.128/25 for all: meets 10.0.0.128/26 of b at hub',
        'b 10.0.0.128/26 for all: meets 10.0.0.128/25 of a at hub',
      ],
    },
    {
      why: 'a spoke that covers two of another spoke meets both',
      sites: { a: { subnets: ['10.0.0.0/25', '10.0.0.128/25'] }, b: block, hub: other },
      tunnels: spokes,
      decisions: [
        'a 10.0.0.0/25 for all: meets 10.0.0.0/24 of b at hub',
        'a 10.0.0.128/25 for all: meets 10.0.0.0/24 of b at hub',
        'b 10.0.0.0/24 for all: meets 10.0.0.0/25 of a at hub',
      ],
    },
    {
      why: 'IPv6 spokes that collide at the hub',
      sites: { a: { subnets: ['fd00::/64'] }, b: { subnets: ['fd00::/64'] }, hub: other },
      tunnels: spokes,
      codes: ['IPV6_OVERLAP', 'IPV6_OVERLAP'],
    },
  ])('$why', (given) => {
    const { decisions, findings } = decide(given)
    expect(decisions.filter(isTranslated).map(describeDecision)).toEqual(given.decisions ?? [])
    expect(findings.map(({ code }) => code)).toEqual(given.codes ?? [])
  })
})

describe('every pair joined', () => {
  it.each<Case>([
    {
      why: 'two that collide are translated for third sites, too',
      sites: { a: block, b: block, c: other },
      decisions: [pairA, pairB],
    },
    {
      why: 'where one is translated anyway the other keeps its real prefix',
      sites: { a: block, b: { subnets: ['10.0.0.0/16'] }, c: { ...other, reserved: ['10.0.9.0/24'] } },
      decisions: [
        'a 10.0.0.0/24 for b: meets 10.0.0.0/16 of b at b',
        'b 10.0.0.0/16 for all: meets 10.0.0.0/24 of a at a',
      ],
    },
    {
      why: 'a subnet that is always translated collides only at its own site',
      sites: { a: block, b: always, c: other },
      decisions: ['a 10.0.0.0/24 for b: meets 10.0.0.0/24 of b at b', 'b 10.0.0.0/24 for all: always'],
    },
    {
      why: 'an endpoint anywhere collides everywhere',
      sites: { a: block, b: other, c: { ...none, ...gateway('10.0.0.1') } },
      decisions: ['a 10.0.0.0/24 for all: meets 10.0.0.1/32 of c at c'],
    },
    {
      why: 'the same where an endpoint lies in the one, so that it is translated everywhere',
      sites: { a: { subnets: ['10.0.0.0/25'] }, b: block, c: { ...none, ...gateway('10.0.0.200') } },
      decisions: [
        'a 10.0.0.0/25 for b: meets 10.0.0.0/24 of b at b',
        'b 10.0.0.0/24 for all: meets 10.0.0.0/25 of a at a',
      ],
    },
    {
      why: 'never beside the same elsewhere',
      sites: { a: never, b: block, c: other },
      decisions: [pairB],
      codes: ['TRANSLATION_IMPOSSIBLE'],
    },
  ])('$why', (given) => {
    const { decisions, findings } = decide(given)
    expect(decisions.filter(isTranslated).map(describeDecision)).toEqual(given.decisions ?? [])
    expect(findings.map(({ code }) => code)).toEqual(given.codes ?? [])
  })
})

describe('with a lock', () => {
  it.each<Case>([
    {
      why: 'the spoke that the hub knows by its real prefix keeps it',
      sites: { a: block, b: block, hub: other },
      tunnels: spokes,
      lock: { b: real('hub') },
      decisions: [spokeA],
    },
    {
      why: 'what another site knows says nothing about the hub',
      sites: { a: block, b: block, c: other, hub: none },
      tunnels: [...spokes, 'b-c'],
      lock: { b: real('c') },
      decisions: [spokeA, 'b 10.0.0.0/24 for hub: meets 10.0.0.0/24 of a at hub'],
    },
    {
      why: 'a rival that the lock holds translated counts all the same',
      sites: { a: block, b: block, hub: other },
      tunnels: spokes,
      lock: { b: translated('hub') },
      decisions: [spokeA, spokeB],
    },
    {
      why: 'never takes the real prefix even from the one that has it',
      sites: { a: never, b: block, hub: other },
      tunnels: spokes,
      lock: { b: real('hub') },
      decisions: [spokeB],
    },
    {
      why: 'space that the hub now uses takes it, too',
      sites: { a: block, b: block, hub: block },
      tunnels: spokes,
      lock: { b: real('hub') },
      decisions: [
        'a 10.0.0.0/24 for all: meets 10.0.0.0/24 of hub at hub',
        'b 10.0.0.0/24 for all: meets 10.0.0.0/24 of hub at hub',
        'hub 10.0.0.0/24 for all: meets 10.0.0.0/24 of a at a',
      ],
    },
    {
      why: 'two that both have it',
      sites: { a: block, b: block, hub: other },
      tunnels: spokes,
      lock: { a: real('hub'), b: real('hub') },
      codes: ['LOCK_BOTH_REAL', 'LOCK_BOTH_REAL'],
    },
    {
      why: 'a translation stays when its reason is gone',
      sites: { a: block, b: other },
      lock: { a: { '10.0.0.0/24': { translated: '192.168.0.0/24', translatedFor: 'all' } } },
      decisions: ['a 10.0.0.0/24 for all: locked'],
      codes: ['TRANSLATION_KEPT'],
    },
    {
      why: 'a translation stays for the peers that know it',
      sites: { a: block, b: other, c: none },
      tunnels: ['a-b', 'a-c'],
      lock: { a: translated('b') },
      decisions: ['a 10.0.0.0/24 for b: locked'],
      codes: ['TRANSLATION_KEPT'],
    },
    {
      why: 'a translation with a reason at one peer stays at the other',
      sites: { a: block, b: block, c: none },
      tunnels: ['a-b', 'a-c'],
      lock: { a: translated('c') },
      decisions: [
        'a 10.0.0.0/24 for all: meets 10.0.0.0/24 of b at b',
        'b 10.0.0.0/24 for all: meets 10.0.0.0/24 of a at a',
      ],
    },
    {
      why: 'a translation for all covers a new peer',
      sites: { a: block, b: other, c: none },
      tunnels: ['a-b', 'a-c'],
      lock: { a: { '10.0.0.0/24': { translated: '192.168.0.0/24', translatedFor: 'all' } } },
      decisions: ['a 10.0.0.0/24 for all: locked'],
      codes: ['TRANSLATION_KEPT'],
    },
    {
      why: 'a translation towards peers that are gone is gone',
      sites: { a: block, b: other, c: none },
      tunnels: ['a-c'],
      lock: { a: translated('b') },
    },
    { why: 'never ends a translation', sites: { a: never, b: other }, lock: { a: translated('b') } },
    {
      why: 'an entry without a translated prefix holds no translation',
      sites: { a: block, b: other },
      lock: { a: { '10.0.0.0/24': { translatedFor: 'all' } } },
    },
    {
      why: 'an entry of another prefix says nothing',
      sites: { a: block, b: other },
      lock: { a: { '10.0.0.0/25': { translated: '192.168.0.0/25', translatedFor: 'all' } } },
    },
  ])('$why', (given) => {
    const { decisions, findings } = decide(given)
    expect(decisions.filter(isTranslated).map(describeDecision)).toEqual(given.decisions ?? [])
    expect(findings.map(({ code }) => code)).toEqual(given.codes ?? [])
  })
})

describe('with a lock and every pair joined', () => {
  it.each<Case>([
    {
      why: 'the one that is known by its real prefix keeps it at third sites',
      sites: { a: block, b: block, c: other },
      lock: { a: { '10.0.0.0/24': { realFor: 'all' } } },
      decisions: ['a 10.0.0.0/24 for b: meets 10.0.0.0/24 of b at b', pairB],
    },
    {
      why: 'also when the lock lists the peers, from a time when tunnels were listed',
      sites: { a: block, b: block, c: other, d: none },
      lock: { a: real('c') },
      decisions: ['a 10.0.0.0/24 for b,d: meets 10.0.0.0/24 of b at b', pairB],
    },
    {
      why: 'two that third sites know by the same real prefix',
      sites: { a: block, b: block, c: other },
      lock: { a: { '10.0.0.0/24': { realFor: 'all' } }, b: { '10.0.0.0/24': { realFor: 'all' } } },
      decisions: [
        'a 10.0.0.0/24 for b: meets 10.0.0.0/24 of b at b',
        'b 10.0.0.0/24 for a: meets 10.0.0.0/24 of a at a',
      ],
      codes: ['LOCK_BOTH_REAL', 'LOCK_BOTH_REAL'],
    },
    {
      why: 'two that must yield to a third, which must not be translated',
      sites: { a: block, b: block, c: never, d: other },
      lock: { a: { '10.0.0.0/24': { realFor: 'all' } }, b: { '10.0.0.0/24': { realFor: 'all' } } },
      decisions: [pairA, pairB],
      codes: ['TRANSLATION_IMPOSSIBLE'],
    },
    {
      why: 'two that know only each other',
      sites: { a: block, b: block },
      lock: { a: { '10.0.0.0/24': { realFor: 'all' } }, b: { '10.0.0.0/24': { realFor: 'all' } } },
      decisions: [pairA, pairB],
    },
    {
      why: 'a translation for some stays for them',
      sites: { a: block, b: other, c: none },
      lock: { a: translated('c') },
      decisions: ['a 10.0.0.0/24 for c: locked'],
      codes: ['TRANSLATION_KEPT'],
    },
    {
      why: 'a site that remains alone keeps the translation that all knew',
      sites: { a: block },
      lock: { a: { '10.0.0.0/24': { translated: '192.168.0.0/24', translatedFor: 'all' } } },
      decisions: ['a 10.0.0.0/24 for all: locked'],
      codes: ['TRANSLATION_KEPT'],
    },
  ])('$why', (given) => {
    const { decisions, findings } = decide(given)
    expect(decisions.filter(isTranslated).map(describeDecision)).toEqual(given.decisions ?? [])
    expect(findings.map(({ code }) => code)).toEqual(given.codes ?? [])
  })
})

it('says where two real prefixes clash in the lock, and with what', () => {
  const lock = { a: real('hub'), b: real('hub') }
  const { findings } = decide({ why: '', sites: { a: block, b: block, hub: other }, tunnels: spokes, lock })
  expect(findings[0]).toMatchObject({
    place: { source: 'lock', path: ['sites', 'a', '10.0.0.0/24'] },
    related: [{ place: { source: 'lock', path: ['sites', 'b', '10.0.0.0/24'] } }],
  })
})

it('says where in the plan file an untranslatable subnet stands', () => {
  const { findings } = decide({ why: '', sites: { a: { subnets: ['10.7.0.0/24', ...never.subnets] }, b: block } })
  expect(findings[0]?.place).toMatchObject({ source: 'plan', path: ['sites', 'a', 'subnets', 1] })
})

it('lists decisions by site and prefix, those of kept subnets included', () => {
  const { decisions } = decide({ why: '', sites: { b: { subnets: ['10.2.0.0/24', '10.1.0.0/24'] }, a: block } })
  expect(decisions.map(({ subnet }) => `${subnet.site} ${subnet.prefix}`)).toEqual([
    'a 10.0.0.0/24',
    'b 10.1.0.0/24',
    'b 10.2.0.0/24',
  ])
})
