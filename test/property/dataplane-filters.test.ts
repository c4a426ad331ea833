import {
  Address,
  missingAccepts,
  normalize,
  planNetwork,
  type Trace,
  tracePacket,
  verify,
  type WorldSite,
  worldOfDevices,
} from '@natplan/core'
import { platformModule } from '@natplan/templates'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { textsOf } from '../verify/configurations.ts'

/** Random firewalls of a 5600 as data, as text, and walked by an oracle as its data plane does it, packet by packet with all sessions. */

type Port = 'lan' | 'tunnel'
type Way = 'in' | 'out'

interface Rule {
  /** Which end is asked, and the hosts: of the site as they are, as the peer sees them, or of the peer. */
  readonly end: { readonly side: 'source' | 'destination'; readonly hosts: 'real' | 'translated' | 'far' } | undefined
  readonly transport: { readonly protocol: 'tcp' | 'udp'; readonly port: number | undefined } | undefined
  readonly action: 'accept' | 'drop'
  readonly isStateful: boolean
  readonly isDisabled: boolean
}

interface RuleSet {
  readonly rules: readonly Rule[]
  readonly rest: 'accept' | 'drop' | undefined
}

interface Firewall {
  readonly sets: readonly RuleSet[]
  readonly policy: readonly ('tcp' | 'udp')[]
  readonly bound: Readonly<Record<`${Port} ${Way}`, readonly number[]>>
  /** In place of `bound`. */
  readonly zones:
    | Readonly<Record<Port, { readonly isThere: boolean; readonly to: readonly number[]; readonly accepts: boolean }>>
    | undefined
  /** NAT that does not let answers pass by itself. */
  readonly isExplicit: Readonly<Record<'source' | 'destination', boolean>>
}

const prefixes = { real: '10.0.0.0/28', translated: '192.168.0.0/28', far: '192.168.1.0/28' } as const

interface Packet {
  readonly source: string
  readonly destination: string
  readonly protocol: 'tcp' | 'udp'
  readonly port: number
}

// The oracle.

interface Session {
  readonly way: Way
  readonly isNat: boolean
  passes: boolean
}

type Sessions = Map<Port, Session>

function isAmong(address: string, hosts: keyof typeof prefixes): boolean {
  return address.startsWith(prefixes[hosts].replace(/0\/28$/, ''))
}

function takes({ end, transport, isDisabled }: Rule, packet: Packet): boolean {
  if (isDisabled || (end && !isAmong(packet[end.side], end.hosts))) return false
  return !transport || (transport.protocol === packet.protocol && [undefined, packet.port].includes(transport.port))
}

function keeps({ action, isStateful, transport, isDisabled }: Rule, { policy }: Firewall): boolean {
  return (
    action === 'accept' &&
    !isDisabled &&
    (isStateful || (transport !== undefined && policy.includes(transport.protocol)))
  )
}

/** What several sets say: the rule or the rest that decides, if any. */
function asked(firewall: Firewall, sets: readonly number[], packet: Packet): Rule | 'accept' | 'drop' | undefined {
  for (const index of sets) {
    const set = firewall.sets[index]
    const found = set?.rules.find((rule) => takes(rule, packet)) ?? set?.rest
    if (found) return found
  }
  return undefined
}

function isStatefulAt(firewall: Firewall, place: `${Port} ${Way}`): boolean {
  return firewall.bound[place].some((index) => firewall.sets[index]?.rules.some((rule) => keeps(rule, firewall)))
}

interface Passing {
  readonly firewall: Firewall
  readonly sessions: Sessions
  /** By which port it came in. */
  readonly from: Port
  isInSession: boolean
}

/** Reports whether a packet passes one side of one port; notes sessions. */
function passes(passing: Passing, port: Port, way: Way, packet: Packet): boolean {
  const { firewall, sessions } = passing
  const session = sessions.get(port)
  if (
    session?.passes ||
    (session?.isNat && session.way !== way && !firewall.isExplicit[session.way === 'in' ? 'destination' : 'source'])
  ) {
    passing.isInSession = true
    return true
  }
  const found = verdictAt(passing, port, way, packet)
  if (found === 'drop' || (typeof found === 'object' && found.action === 'drop')) return false
  if (typeof found === 'object' && keeps(found, firewall)) {
    const made = session ?? { way, isNat: false, passes: false }
    made.passes = true
    sessions.set(port, made)
  }
  return true
}

function verdictAt(
  { firewall, from, isInSession }: Passing,
  port: Port,
  way: Way,
  packet: Packet,
): Rule | 'accept' | 'drop' {
  const { zones, bound } = firewall
  if (zones && way === 'in') return 'accept'
  if (zones) {
    if (!zones[port].isThere) return zones[from].isThere ? 'drop' : 'accept'
    if (!zones[from].isThere) return 'drop'
    if (isInSession) return 'accept'
    const { to, accepts } = zones[from]
    if (to.length === 0) return 'drop'
    return asked(firewall, to, packet) ?? (accepts ? 'accept' : 'drop')
  }
  const sets = bound[`${port} ${way}`]
  if (sets.length > 0) return asked(firewall, sets, packet) ?? 'drop'
  return isStatefulAt(firewall, `${port} ${way === 'in' ? 'out' : 'in'}`) ? 'drop' : 'accept'
}

function host(hosts: keyof typeof prefixes, at: number): string {
  return prefixes[hosts].replace(/0\/28$/, String(at))
}

interface Flow {
  readonly begins: 'one' | 'two'
  readonly near: number
  readonly far: number
  readonly protocol: 'tcp' | 'udp'
  readonly port: number
}

const sourcePort = 40_000

/** The first packet, one that follows it, and the answer, through the gateway alone. */
function isDelivered(firewall: Firewall, { begins, near, far, protocol, port }: Flow): boolean {
  const sessions: Sessions = new Map()
  const outward = (at: number) => {
    const passing: Passing = { firewall, sessions, from: 'lan', isInSession: false }
    const packet = { source: host('real', near), destination: host('far', far), protocol, port: at }
    if (!passes(passing, 'lan', 'in', packet)) return false
    if (!sessions.has('tunnel')) sessions.set('tunnel', { way: 'out', isNat: true, passes: false })
    return passes(passing, 'tunnel', 'out', { ...packet, source: host('translated', near) })
  }
  const inward = (at: number) => {
    const passing: Passing = { firewall, sessions, from: 'tunnel', isInSession: false }
    const packet = { source: host('far', far), destination: host('translated', near), protocol, port: at }
    if (!passes(passing, 'tunnel', 'in', packet)) return false
    const known = sessions.get('tunnel')
    if (!known?.isNat) sessions.set('tunnel', { way: 'in', passes: false, ...known, isNat: true })
    return passes(passing, 'lan', 'out', { ...packet, destination: host('real', near) })
  }
  const [there, back] = begins === 'one' ? [outward, inward] : [inward, outward]
  return there(port) && there(port) && back(sourcePort)
}

// As text.

const ports = { lan: 'dp0s2', tunnel: 'vfp0' } as const

function linesOf(firewall: Firewall): string[] {
  const { sets, policy, bound, zones, isExplicit } = firewall
  const used = new Set(zones ? [...zones.lan.to, ...zones.tunnel.to] : Object.values(bound).flat())
  return [
    ...policy.map((protocol) => `security firewall global-state-policy ${protocol}`),
    ...sets.flatMap((set, at) => (used.has(at) ? setLines(`S${at}`, set) : [])),
    ...(['source', 'destination'] as const).flatMap((list) =>
      isExplicit[list] ? [`service nat ${list} explicit-firewall-pinhole`] : [],
    ),
    ...(zones ? zoneLines(zones) : boundLines(bound)),
  ]
}

function boundLines(bound: Firewall['bound']): string[] {
  return Object.entries(bound).flatMap(([place, sets]) => {
    const [port, way] = place.split(' ') as [Port, Way]
    const kind = port === 'lan' ? 'dataplane' : 'virtual-feature-point'
    return sets.map((set) => `interfaces ${kind} ${ports[port]} firewall ${way} S${set}`)
  })
}

function zoneLines(zones: NonNullable<Firewall['zones']>): string[] {
  const others = { lan: 'tunnel', tunnel: 'lan' } as const
  return (['lan', 'tunnel'] as const).flatMap((port) => {
    const zone = `security zone-policy zone ${port.toUpperCase()}`
    const { isThere, to, accepts } = zones[port]
    if (!isThere) return []
    return [
      `${zone} interface ${ports[port]}`,
      ...(accepts ? [`${zone} default-action accept`] : []),
      ...(zones[others[port]].isThere
        ? to.map((set) => `${zone} to ${others[port].toUpperCase()} firewall S${set}`)
        : []),
    ]
  })
}

function setLines(name: string, { rules, rest }: RuleSet): string[] {
  const lines = rules.flatMap(({ end, transport, action, isStateful, isDisabled }, at) =>
    [
      `action ${action}`,
      ...(end ? [`${end.side} address ${prefixes[end.hosts]}`] : []),
      ...(transport ? [`protocol ${transport.protocol}`] : []),
      ...(transport?.port === undefined ? [] : [`destination port ${transport.port}`]),
      ...(isStateful ? ['state enable'] : []),
      ...(isDisabled ? ['disable'] : []),
    ].map((words) => `rule ${(at + 1) * 10} ${words}`),
  )
  return [...(rest ? [`default-action ${rest}`] : ['description empty']), ...lines].map(
    (words) => `security firewall name ${name} ${words}`,
  )
}

const { texts } = textsOf(planned())

function planned() {
  const site = (address: string) => ({
    subnets: [prefixes.real],
    gateway: {
      platform: 'vyatta-5600' as const,
      outside: { interface: 'dp0s1', address },
      inside: { interface: 'dp0s2' },
    },
  })
  const { value, findings } = normalize({
    version: 1,
    pools: ['192.168.0.0/16'],
    sites: {
      one: site('192.0.2.1'),
      two: site('192.0.2.2'),
    },
    tunnels: [{ sites: ['one', 'two'] }],
  })
  const { plan } = value ? planNetwork(value) : { plan: undefined }
  if (!plan) throw new Error(JSON.stringify(findings))
  return plan
}

function worldWith(lines: readonly string[]): ReadonlyMap<string, WorldSite> {
  const devices = (['one', 'two'] as const).map((site, at) => {
    const own = [
      `interfaces dataplane dp0s1 address 192.0.2.${at + 1}/24`,
      'interfaces dataplane dp0s2 address 10.0.0.14/28',
      ...(site === 'one' ? lines : []),
    ]
    const read = platformModule('vyatta-5600')?.readDevice?.(
      `${texts.get(site)}${own.map((line) => `set ${line}\n`).join('')}`,
    )
    if (!read) throw new Error('a 5600 cannot be read')
    return { site, device: { ...read.device, file: `${site}.txt` } }
  })
  return worldOfDevices(devices).world.sites
}

function traced(sites: ReadonlyMap<string, WorldSite>, { begins, near, far, protocol, port }: Flow): Trace {
  const site = sites.get(begins)
  if (!site) throw new Error('there is no such site')
  const ends = begins === 'one' ? [host('real', near), host('far', far)] : [`10.0.0.${far}`, host('translated', near)]
  const [source = '', destination = ''] = ends
  return tracePacket({ sites }, site, {
    source: Address.parse(source),
    destination: Address.parse(destination),
    protocol: protocol === 'tcp' ? 6 : 17,
    sourcePort,
    destinationPort: port,
  })
}

// Random ones.

const rule: fc.Arbitrary<Rule> = fc.record({
  end: fc.option(
    fc.record({
      side: fc.constantFrom('source' as const, 'destination' as const),
      hosts: fc.constantFrom('real' as const, 'translated' as const, 'far' as const),
    }),
    { nil: undefined },
  ),
  transport: fc.option(
    fc.record({
      protocol: fc.constantFrom('tcp' as const, 'udp' as const),
      port: fc.constantFrom(undefined, 53, 443, sourcePort),
    }),
    { nil: undefined, freq: 2 },
  ),
  action: fc.constantFrom('accept' as const, 'accept' as const, 'accept' as const, 'drop' as const),
  isStateful: fc.boolean(),
  isDisabled: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
})

const count = 4
const bindings = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  {
    weight: 2,
    arbitrary: fc.subarray(
      Array.from({ length: count }, (_, at) => at),
      { minLength: 1, maxLength: 2 },
    ),
  },
)
const zone = fc.record({
  isThere: fc.integer({ min: 0, max: 7 }).map((roll) => roll > 0),
  to: bindings,
  accepts: fc.boolean(),
})

const firewall: fc.Arbitrary<Firewall> = fc.record({
  sets: fc.array(
    fc.record({
      rules: fc.array(rule, { maxLength: 4 }),
      rest: fc.constantFrom(undefined, undefined, 'accept' as const, 'drop' as const),
    }),
    { minLength: count, maxLength: count },
  ),
  policy: fc.subarray(['tcp' as const, 'udp' as const]),
  bound: fc.record({ 'lan in': bindings, 'lan out': bindings, 'tunnel in': bindings, 'tunnel out': bindings }),
  zones: fc.option(fc.record({ lan: zone, tunnel: zone }), { nil: undefined, freq: 2 }),
  isExplicit: fc.record({ source: fc.boolean(), destination: fc.boolean() }),
})

const flow: fc.Arbitrary<Flow> = fc.record({
  begins: fc.constantFrom('one' as const, 'two' as const),
  near: fc.integer({ min: 1, max: 13 }),
  far: fc.integer({ min: 1, max: 13 }),
  protocol: fc.constantFrom('tcp' as const, 'udp' as const),
  port: fc.constantFrom(53, 443),
})

it('passes what the data plane passes, with all its sessions', () => {
  const met = new Map<string, number>()
  fc.assert(
    fc.property(firewall, fc.array(flow, { minLength: 1, maxLength: 4 }), (one, flows) => {
      const lines = linesOf(one)
      const sites = worldWith(lines)
      for (const each of flows) {
        const { disposition } = traced(sites, each)
        const wanted = isDelivered(one, each) ? 'delivered' : 'filtered'
        const key = `${one.zones ? 'zones' : 'sets'} ${disposition}`
        met.set(key, (met.get(key) ?? 0) + 1)
        expect(disposition, `${lines.join('\n')}\n${JSON.stringify(each)}`).toBe(wanted)
      }
    }),
    { numRuns: 600 },
  )
  for (const kind of ['zones', 'sets']) {
    for (const end of ['delivered', 'filtered']) expect(met.get(`${kind} ${end}`), `${kind} ${end}`).toBeGreaterThan(20)
  }
})

it('is opened by the rules that are missing, as they are printed', () => {
  const met = { opened: 0, byHand: 0 }
  fc.assert(
    fc.property(firewall, (one) => {
      const lines = linesOf(one)
      const module = platformModule('vyatta-5600')
      const missing = (sites: ReadonlyMap<string, WorldSite>) =>
        (module?.acceptLines?.(missingAccepts({ sites })) ?? []).flatMap((rules) => rules.lines)
      const added = missing(worldWith(lines))
      if (added.length === 0) return
      if (added.some((line) => line.startsWith('#'))) {
        met.byHand++
        return
      }
      met.opened++
      const after = worldWith([...lines, ...added.map((line) => line.replace(/^set /, ''))])
      expect(verify({ sites: after }).result, [...lines, ...added].join('\n')).toBe('proven')
      expect(missing(after)).toEqual([])
    }),
    { numRuns: 200 },
  )
  expect(met.opened).toBeGreaterThan(20)
})
