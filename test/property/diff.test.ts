import {
  checkExisting,
  type Derivation,
  type Device,
  type DeviceRoute,
  derivePolicies,
  deviceOfPolicy,
  emptyLock,
  fulfils,
  type GatewayPolicy,
  hasErrors,
  type Lock,
  limitsFrom,
  normalize,
  planNetwork,
} from '@natplan/core'
import { Secret } from '@natplan/templates'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Written } from '../support/policies.ts'
import { networksAround } from '../support/random-networks.ts'
import { devices, routers } from '../support/routers.ts'
import { apartFrom, edited, edits, foreignLines } from '../support/running-configs.ts'
import { braceForm, doubleQuoted, fullyQuoted } from '../support/set-lines.ts'
import { VyattaDevice } from '../support/vyatta-device.ts'

const everywhere = devices.map(({ platform }) => platform)
const forms = [(text: string) => text, doubleQuoted, fullyQuoted, braceForm]
const comments = '# a comment\n/* natplan: a comment */\n'

/** Lines that several tunnels share, or that have no name: natplan sets them and lets them be. */
const shared =
  /^set (interfaces \S+ \S+ (vif \d+ )?ip adjust-mss|firewall options|protocols static route \S+ blackhole|vpn ipsec (ipsec-interfaces )?interface|vpn ipsec options disable-route-autoinstall|interfaces (virtual-feature-point|vti|virtual-ethernet) \S+ (?!description|address|disable|vrf|peer-name|ip tcp-mss|ip adjust-mss)) ?/
/** Lines in natplan's own things that say nothing. */
const idle = /^set .*\b(rule|peer|group|point|interface) \S+ log$/

/** A route to a virtual interface that somebody took away: nothing tells any more whose it was. */
function isRouteToNone(line: string, all: readonly string[]): boolean {
  const target = /^set protocols static .* (?:next-hop-interface|interface) (v(?:fp|ti)\d+)/.exec(line)?.[1]
  return target !== undefined && !all.some((one) => one.startsWith('set interfaces ') && one.split(' ')[3] === target)
}

/** A route to the peer of a second tunnel is known by the two tunnels: where somebody took away or renamed one, nobody can tell whose it is. */
function isRouteOfNobody(line: string, before: readonly string[]): boolean {
  const address = /^set protocols static route (\S+)\/32 next-hop /.exec(line)?.[1]
  if (address === undefined) return false
  const named = new Map(
    before.flatMap((one) => {
      const [, peer, name] = /site-to-site peer (\S+) description '?natplan: \S+ to ([^\s']+)/.exec(one) ?? []
      return peer === undefined || name === undefined ? [] : [[peer, name]]
    }),
  )
  const isAt = (peer: string) =>
    peer === address || before.some((one) => one.includes(`peer ${peer} remote-address`) && one.includes(address))
  const second = [...named].find(([peer]) => isAt(peer))?.[1]
  return second === undefined || ![...named.values()].some((first) => second.startsWith(`${first}-`))
}

/** A route to nowhere beside which somebody took away the one into a tunnel: it stays, and natplan tells before that it is in the way. */
function isLoneDiscard(line: string, before: readonly string[]): boolean {
  const [, list = '', prefix = ''] = /^set protocols static (route6?) (\S+) blackhole/.exec(line) ?? []
  const ways = ['', 'interface-'].map((kind) => `set protocols static ${kind}${list} ${prefix} `)
  return prefix !== '' && !before.some((one) => ways.some((way) => one.startsWith(way)) && !one.includes('blackhole'))
}

function planOf(written: Written, lock: Lock) {
  const { value } = normalize({ version: 1, ...written })
  return value && planNetwork(value, lock).plan
}

/** The hub's policy, placed around what others have on its gateway. */
function placed(
  written: Written,
  { lock, place }: { readonly lock: Lock; readonly place?: (policy: GatewayPolicy) => ReturnType<typeof limitsFrom> },
): { readonly policy: GatewayPolicy; readonly lock: Lock } | undefined {
  const plan = planOf(written, lock)
  const of = ({ policies, lock: next }: Derivation) => {
    const policy = policies.find(({ site }) => site === 'hub')
    return policy && { policy, lock: next }
  }
  const first = plan && of(derivePolicies(plan))
  if (!plan || !first || !place) return first
  const { site, limits } = place(first.policy)
  return of(derivePolicies(plan, { limits: new Map([[site, limits]]) }))
}

/** What natplan's part of a device has and a policy does not. */
function surplusOf({ tunnels, lists, routes, interfaces }: Device, policy: GatewayPolicy): string[] {
  const numbers = new Set(policy.nat.map(({ direction, number }) => `${direction}-nat ${number}`))
  const names = new Set<string>([
    ...policy.tunnels.map(({ peer }) => peer),
    ...policy.interfaces.map(({ name }) => name),
  ])
  const planned = deviceOfPolicy(policy)
  const way = ({ table, prefix, distance }: DeviceRoute) => `${table} ${prefix} ${distance}`
  const ways = new Set(planned.routes.map(way))
  const pairs = planned.tunnels.flatMap(({ children }) => children).length
  return [
    ...lists
      .flatMap(({ kind, rules }) => rules.map(({ number }) => `${kind} ${number}`))
      .filter((one) => !numbers.has(one)),
    ...[...tunnels, ...interfaces].map(({ name }) => name).filter((name) => !names.has(name)),
    ...routes.map(way).filter((one) => !ways.has(one)),
    ...(tunnels.flatMap(({ children }) => children).length === pairs ? [] : ['a selector']),
  ]
}

const key = (peer: string) => new Secret(`KeyOfTheTunnelTo${peer}`.padEnd(32, 'x'))
const oldKey = (peer: string) => new Secret(`OlderKeyOfTheTunnelTo${peer}`.padEnd(32, 'x'))

function keysFor({ tunnels }: GatewayPolicy, make: (peer: string) => Secret): Map<string, Secret> {
  return new Map(tunnels.map(({ peer }) => [peer, make(peer)]))
}

describe.each(routers.map((module) => [module.platform, module] as const))('natplan diff on %s', (platform, module) => {
  const { compare } = module
  if (!compare) throw new Error(`${platform} cannot be compared`)
  const hasNames = platform === 'vyos-1.4' || platform === 'vyos-1.5'
  const networks = networksAround(platform, everywhere)
  const cases = fc.record({
    older: networks,
    newer: networks,
    isSame: fc.boolean(),
    edits,
    foreign: foreignLines(platform),
    sameKeys: fc.boolean(),
    form: fc.constantFrom(...forms),
  })

  it('brings older, edited, shared configurations to the plan, and leaves alone what is not natplan’s', () => {
    let compared = 0
    let changed = 0
    fc.assert(
      fc.property(cases, ({ older, newer, isSame, edits: made, foreign: wished, sameKeys, form }) => {
        const before = placed(older, { lock: emptyLock })
        if (!before) return
        const secrets = keysFor(before.policy, sameKeys ? key : oldKey)
        const written = module.render(before.policy, { secrets }).texts?.configure ?? ''
        const own = edited(
          written.split('\n').filter((line) => line.startsWith('set ')),
          made,
        )
        const foreign = apartFrom(own, wished)
        const device = new VyattaDevice([...own, ...foreign].join('\n'), { hasNames })
        const running = `${comments}${form(device.show().join('\n'))}\n`
        const place = (policy: GatewayPolicy) => limitsFrom(compare.split(running, policy).others.device, policy)
        const policy = placed(isSame ? older : newer, { lock: before.lock, place })?.policy
        if (!policy) return
        const existing = checkExisting(policy, compare.split(running, policy).others.device)
        if (hasErrors(existing)) return
        const options = { secrets: keysFor(policy, key), showSecrets: true }
        const { operations, findings } = compare.diff(running, policy, options)
        expect(hasErrors(findings)).toBe(false)
        device.enter(operations.map(({ text }) => text).join(''))
        compared++
        if (operations.length > 0) changed++

        const after = device.show()
        const result = compare.split(after.join('\n'), policy)
        const [ours, others] = [result.own.device, result.others.device]
        const discards = others.routes.filter(({ to }) => to.kind === 'nowhere')
        const found = fulfils(
          { ...ours, clamps: [...ours.clamps, ...others.clamps], routes: [...ours.routes, ...discards] },
          policy,
        )
        const told = new Set(existing.flatMap(({ code, message }) => (code === 'EXISTING_ROUTE' ? [message] : [])))
        const isTold = ({ line, what }: (typeof found)[number]) =>
          told.has(what) && line !== undefined && isLoneDiscard(after[line - 1] ?? '', own)
        expect(found.filter((one) => !/ log(:|$)/.test(one.what) && !isTold(one))).toEqual([])
        // What others refer to stays, and is told.
        const kept = findings.filter(({ code }) => code === 'DIFF_STILL_USED').map(({ message }) => message)
        const isKept = (text: string) =>
          kept.some((message) => text.split(' ').includes(message.split(' of ')[0] ?? ''))
        expect(surplusOf(ours, policy).filter((name) => !isKept(name))).toEqual([])
        const texts = module.render(policy, { secrets: options.secrets }).texts
        const planned = new VyattaDevice(texts?.configure ?? '', { hasNames }).show()
        expect(after).toEqual(
          expect.arrayContaining([...planned, ...new VyattaDevice(foreign.join('\n'), { hasNames }).show()]),
        )
        const known = new Set([...planned, ...new VyattaDevice(foreign.join('\n'), { hasNames }).show()])
        const isOrphan = (line: string) => isRouteToNone(line, after) || isRouteOfNobody(line, own)
        const rest = after.filter(
          (line) => !known.has(line) && !shared.test(line) && !idle.test(line) && !isKept(line) && !isOrphan(line),
        )
        expect(rest).toEqual([])

        expect(compare.diff(`${form(after.join('\n'))}\n`, policy, options).operations).toEqual([])
      }),
      { numRuns: 100 },
    )
    expect(compared).toBeGreaterThan(40)
    expect(changed).toBeGreaterThan(30)
  })

  it('has nothing to say about what natplan wrote', () => {
    fc.assert(
      fc.property(networks, fc.constantFrom(...forms), (written, form) => {
        const policy = placed(written, { lock: emptyLock })?.policy
        if (!policy) return
        const secrets = keysFor(policy, key)
        const text = module.render(policy, { secrets }).texts?.configure ?? ''
        expect(compare.diff(`${form(text)}\n`, policy, { secrets, showSecrets: false }).operations).toEqual([])
      }),
      { numRuns: 40 },
    )
  })
})
