import { abilities, type Platform } from '@natplan/core'
import * as fc from 'fast-check'
import { type End, formsBetween, withFurther } from './forms.ts'
import type { Written } from './policies.ts'

type Gateway = NonNullable<Written['sites'][string]['gateway']>
type Tunnel = NonNullable<Written['tunnels']>[number]

/** Interface names of the platform that natplan knows the kind of. */
const interfaces = fc.constantFrom('eth0', 'eth1', 'eth1.100', 'bond0', 'bond1.7')

/** `fixed`, or looked up by its name, or known to nobody. */
type Kind = 'fixed' | 'host' | 'changing'

function gateway(platform: Platform, index: number, kind: Kind): fc.Arbitrary<Gateway> {
  const address = { fixed: `203.0.113.${10 + index}`, host: { host: `site${index}.example.org` }, changing: 'dynamic' }
  const names = [`site${index}.example.net`, `@site${index}`]
  return fc.record(
    {
      outside: fc.record(
        {
          interface: interfaces,
          address: fc.constant(address[kind]),
          ...(kind === 'fixed' ? { publicAddress: fc.constant(`198.51.100.${10 + index}`) } : {}),
          mtu: fc.integer({ min: 1280, max: 1500 }),
        },
        { requiredKeys: ['interface', 'address'] },
      ),
      platform: fc.constant(platform),
      inside: fc.record({ interface: interfaces }),
      identity: fc.constantFrom(...names, ...(kind === 'fixed' ? [`192.0.2.${index}`] : [])),
      ruleBase: fc.integer({ min: 1000, max: 4000 }),
    },
    { requiredKeys: ['outside', 'platform', ...(kind === 'fixed' ? [] : (['identity'] as const))] },
  )
}

/** Subnets of a tiny universe, so that sites collide in every way. */
function subnets(index: number, platform: Platform): fc.Arbitrary<Written['sites'][string]['subnets']> {
  const ipv4 = fc.uniqueArray(
    fc.constantFrom('10.0.0.0/24', '10.0.1.0/27', '10.0.2.8/29', '10.0.3.1/32', '10.1.0.0/16'),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  // The ends of tunnels have IPv4 addresses.
  const ipv6 = fc.constantFrom([], ...(abilities[platform].mixesFamilies ? [[`fd00:${index + 1}::/64`]] : []))
  const hidden = fc.constantFrom(
    [],
    ...[single(index), pool(index)].map((one) => [one, { prefix: '10.6.1.0/24', hideBehind: one.hideBehind }]),
  )
  return fc.tuple(ipv4, ipv6, hidden).map((parts) => parts.flat())
}

function single(index: number) {
  const forwards = [
    { port: 53, to: '10.5.0.9', protocol: 'udp' as const },
    { port: 8443, to: '10.5.0.7', toPort: 443 },
  ]
  return { prefix: '10.5.0.0/16', hideBehind: `100.99.0.${index}`, forwards }
}

function pool(index: number) {
  return { prefix: '10.5.0.0/16', hideBehind: `100.99.${index}.64/29` }
}

const certificates = fc.constantFrom('gateway', 'gw-2.example').map((certificate) => ({ certificate, ca: 'company' }))

const settings = (isCalled: boolean) =>
  fc.record(
    {
      proposal: fc.constant('compatible' as const),
      authentication: certificates,
      ike: fc.record({ lifetime: fc.integer({ min: 30, max: 86_400 }) }),
      esp: fc.record({ lifetime: fc.integer({ min: 30, max: 86_400 }) }),
      deadPeerDetection: fc.record({
        action: fc.constantFrom('restart' as const, 'clear' as const, 'trap' as const),
        interval: fc.integer({ min: 15, max: 3600 }),
        timeout: fc.integer({ min: 30, max: 86_400 }),
      }),
      ...(isCalled ? { start: fc.constantFrom('trap' as const, 'initiate' as const) } : {}),
    },
    { requiredKeys: [] },
  )

/** A hub on one platform and a few spokes on others, with every setting that the plan file has for them. */
export function networksAround(hub: Platform, others: readonly Platform[]): fc.Arbitrary<Written> {
  return withFurther(starsAround(hub, others))
}

function starsAround(hub: Platform, others: readonly Platform[]): fc.Arbitrary<Written> {
  const kinds = fc.constantFrom<Kind>('fixed', 'fixed', 'host', 'changing')
  return fc.tuple(kinds, fc.array(kinds, { minLength: 1, maxLength: 4 })).chain(([own, all]) => {
    // One of two ends is called by the other.
    const kindOf = (index: number): Kind => {
      const kind = index === 0 ? own : (all[index - 1] ?? 'fixed')
      return kind === 'changing' && index > 0 && own === 'changing' ? 'fixed' : kind
    }
    const spokes = all.length
    const names = ['hub', ...Array.from({ length: spokes }, (_, index) => `spoke${index}`)]
    const sites = names.map((_, index) =>
      fc
        .constantFrom(...(index === 0 ? [hub] : others))
        .chain((platform) =>
          fc.record({ subnets: subnets(index, platform), gateway: gateway(platform, index, kindOf(index)) }),
        ),
    )
    const isCalled = (index: number) => own !== 'changing' && kindOf(index) !== 'changing'
    return fc.tuple(...sites).chain((made) => {
      const ends = names.map((name, index) => ({ name, site: made[index] }) as End)
      const [first, ...rest] = ends
      const tunnels = rest.map((spoke, index) =>
        fc
          .tuple(settings(isCalled(index + 1)), first ? formsBetween(first, spoke, index) : fc.constant({}))
          .map(([one, form]): Tunnel => ({ sites: ['hub', spoke.name], ...one, ...form })),
      )
      const written = Object.fromEntries(ends.map(({ name, site }) => [name, site])) as Written['sites']
      return fc.tuple(...tunnels).map((joined): Written => ({ sites: written, tunnels: joined }))
    })
  })
}
