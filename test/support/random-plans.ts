import { abilities, normalize, type Plan, type Platform, planNetwork, platforms } from '@natplan/core'
import { platformModule } from '@natplan/templates'
import * as fc from 'fast-check'
import { type End, type Form, formsBetween, withFurther } from './forms.ts'
import type { Written } from './policies.ts'

type Site = Written['sites'][string]
type Subnet = Site['subnets'][number]
type Tunnel = NonNullable<Written['tunnels']>[number]

const readable = platforms.filter((platform) => platformModule(platform)?.readDevice !== undefined)

/** Interfaces as each platform calls them; the kind of every one is known. */
const bond = (platform: Platform) => (platform === 'vyatta-5600' ? 'dp0bond1' : 'bond0')
const port = (platform: Platform, index: number) => (platform === 'vyatta-5600' ? `dp0s${3 + index}` : `eth${index}`)

/** `changing`: nobody can call the gateway, and it may be behind a NAT. */
function gateway(index: number, isChanging: boolean): fc.Arbitrary<NonNullable<Site['gateway']>> {
  const outside = (isBehindNat: boolean) => {
    const own = isBehindNat ? `172.31.255.${10 + index}` : `203.0.113.${10 + index}`
    if (isChanging) return isBehindNat ? { address: own, publicAddress: 'dynamic' } : { address: 'dynamic' }
    return { address: own, ...(isBehindNat ? { publicAddress: `198.51.100.${10 + index}` } : {}) }
  }
  return fc
    .record({
      platform: fc.constantFrom(...readable),
      isBehindNat: fc.boolean(),
      mtu: fc.constantFrom(1280, 1400, 1492, 1500),
      identity: fc.constantFrom(undefined, `site${index}.example.net`),
      isBonded: fc.boolean(),
    })
    .map(({ platform, isBehindNat, mtu, identity, isBonded }) => ({
      platform,
      outside: {
        interface: isBonded ? bond(platform) : port(platform, 1),
        ...outside(isBehindNat),
        mtu,
      },
      inside: { interface: port(platform, 0) },
      ...(identity === undefined && !isChanging ? {} : { identity: `site${index}.example.net` }),
    }))
}

/** Behind a public address with a forward, and behind a few private ones. */
function hiddenSubnets(index: number): readonly [Subnet, Subnet] {
  const forwards = [{ port: 8443, to: `10.${40 + index}.0.5`, toPort: 443 }]
  return [
    { prefix: `10.${40 + index}.0.0/24`, hideBehind: `198.51.100.${200 + index}`, forwards },
    { prefix: '10.0.4.0/24', hideBehind: `100.65.${index}.8/30` },
  ]
}

/** Some that other sites have as well, and some of the site's own, which keep their addresses if they must. */
function subnets(index: number, hides: boolean): fc.Arbitrary<readonly Subnet[]> {
  const shared = fc.constantFrom<Subnet>(
    '10.0.0.0/24',
    '10.0.1.0/27',
    '10.1.0.0/16',
    { prefix: '10.0.2.8/29', translate: 'always' },
    { prefix: '10.0.3.0/24', translateTo: `100.64.${index}.0/24` },
    ...(hides ? [hiddenSubnets(index)[1]] : []),
  )
  const own = fc.constantFrom<Subnet>(
    `10.${20 + index}.0.0/24`,
    { prefix: `10.${30 + index}.0.0/24`, translate: 'never' },
    `fd00:${index + 1}::/64`,
    ...(hides ? [hiddenSubnets(index)[0]] : []),
  )
  const prefixOf = (one: Subnet) => (typeof one === 'string' ? one : one.prefix)
  return fc.uniqueArray(fc.oneof({ arbitrary: shared, weight: 2 }, own), {
    minLength: 1,
    maxLength: 3,
    selector: prefixOf,
  })
}

/** Ends at IPv4 addresses, and what platforms let a tunnel between them carry. */
function carriesIpv6({ platform }: NonNullable<Site['gateway']>): boolean {
  return platform === undefined || abilities[platform].mixesFamilies
}

function withIpv4(all: readonly Subnet[]): readonly Subnet[] {
  const kept = all.filter((one) => typeof one !== 'string' || !one.includes(':'))
  return kept.length > 0 ? kept : ['10.0.0.0/24']
}

const names = { certificate: 'gateway', ca: 'company' }

const times = {
  ike: fc.record({ lifetime: fc.integer({ min: 30, max: 86_400 }) }),
  esp: fc.record({ lifetime: fc.integer({ min: 30, max: 86_400 }) }),
  deadPeerDetection: fc.record({
    action: fc.constantFrom('restart' as const, 'clear' as const, 'trap' as const),
    interval: fc.integer({ min: 15, max: 3600 }),
    timeout: fc.integer({ min: 30, max: 86_400 }),
  }),
}

/** A gateway that nobody can call begins, and its peer answers, whatever the plan would like. */
function settings(isChanging: boolean, hasTimes: boolean): fc.Arbitrary<Partial<Tunnel>> {
  return fc.record(
    {
      proposal: fc.constant('compatible' as const),
      authentication: fc.constant(names),
      ...(hasTimes ? times : {}),
      ...(isChanging ? {} : { start: fc.constantFrom('trap' as const, 'initiate' as const) }),
    },
    { requiredKeys: [] },
  )
}

/** Which sites are joined, by their positions: all with the first one, all with each other, or each with the next. */
const shapes = {
  hub: (count: number) => Array.from({ length: count - 1 }, (_, index) => [0, index + 1] as const),
  mesh: (count: number) =>
    Array.from({ length: count }, (_, one) =>
      Array.from({ length: count - one - 1 }, (__, other) => [one, one + other + 1] as const),
    ).flat(),
  chain: (count: number) => Array.from({ length: count - 1 }, (_, index) => [index, index + 1] as const),
}

interface Wishes {
  readonly hides?: boolean
  readonly hasForms?: boolean
  /** Lifetimes and dead peer detection of their own. */
  readonly hasTimes?: boolean
}

function networks({ hides = false, hasForms = false, hasTimes = false }: Wishes): fc.Arbitrary<Written> {
  const counted = fc.integer({ min: 2, max: 4 })
  const shaped = fc.constantFrom<keyof typeof shapes>('hub', 'mesh', 'chain')
  // One that changes its address, or none where there is no such site.
  // Beside a tunnel that takes everything, texts alone do not tell for whom a gateway renames its peers.
  return fc.tuple(counted, shaped, fc.nat(6), fc.boolean()).chain(([count, shape, changing, isWide]) => {
    const sites = Array.from({ length: count }, (_, index) =>
      gateway(index, index === changing).chain((made) => {
        const all = subnets(index, hides)
        return fc.record({ gateway: fc.constant(made), subnets: carriesIpv6(made) ? all : all.map(withIpv4) })
      }),
    )
    const pairs = shapes[shape](count)
    return fc.tuple(...sites).chain((all) => {
      const ends = all.map((site, index) => ({ name: `site${index}`, site }) as End)
      const tunnels = pairs.map((pair, index) => {
        const [one, other] = pair.map((at) => ends[at])
        const forms = hasForms && one && other ? formsBetween(one, other, index) : fc.constant<Form>({})
        const form = forms.map((made) => (isKept(made, isWide) ? made : {}))
        return fc
          .tuple(settings(pair.includes(changing), hasTimes), form)
          .map(([wished, made]): Tunnel => ({ sites: pair.map((at) => `site${at}`), ...wished, ...made }) as Tunnel)
      })
      const written = Object.fromEntries(ends.map(({ name, site }) => [name, site])) as Written['sites']
      return fc
        .tuple(...tunnels)
        .map((joined): Written => ({ own: ['198.51.100.192/26'], sites: written, tunnels: joined }))
    })
  })
}

function isKept({ mode, selectors, translateAt }: Form, isWide: boolean): boolean {
  const takesEverything = mode === 'route' && selectors === undefined
  return isWide ? translateAt === undefined : !takesEverything
}

function planned(written: Written): Plan | undefined {
  const { value } = normalize({ version: 1, ...written })
  return value && planNetwork(value).plan
}

function plansOf(written: fc.Arbitrary<Written>): fc.Arbitrary<Plan> {
  return written.map(planned).filter((plan) => plan !== undefined)
}

/** Plans of small networks on several platforms side by side, whose subnets collide in many ways. */
export const plans = plansOf(networks({}))

/** The same with tunnels of every form. */
export const formedPlans = plansOf(withFurther(networks({ hasForms: true })))

/** Some of their subnets hide, so that part of what gateways do is never used. */
export const plansThatHide = plansOf(withFurther(networks({ hides: true, hasForms: true })))

/** Tunnels of every form with lifetimes and dead peer detection of their own. */
export const plansWithTimes = plansOf(withFurther(networks({ hasForms: true, hasTimes: true })))
