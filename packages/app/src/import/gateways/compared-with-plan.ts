import {
  type Device,
  type DeviceRule,
  type DeviceTunnel,
  derivePolicies,
  deviceOfPolicy,
  emptyLock,
  type Finding,
  findingOf,
  fulfils,
  type GatewayPolicy,
  hasErrors,
  inConfig,
  isOwn,
  type Lock,
  type LockEntry,
  lockKey,
  normalize,
  type Plan,
  planNetwork,
  type Unfulfilled,
  type UnfulfilledKind,
  type WrittenNetwork,
} from '@natplan/core'
import { type Adopted, platformModule } from '@natplan/templates'
import type { SiteConfig } from '../../configs/read-configuration.ts'
import type { Adoption } from '../imported.ts'
import { shownEnds } from './joined-tunnels.ts'
import { withPlannedInterfaces, withPlannedNames } from './planned-names.ts'
import type { RankedTunnel } from './ranked-tunnels.ts'
import { isSameRule, type Running, ruleLike, withRunningInterfaces, withRunningNumbers } from './running-numbers.ts'
import { keyFile } from './written-tunnel.ts'

interface Known {
  readonly configs: readonly SiteConfig[]
  /** In the order of the plan file. */
  readonly tunnels: readonly RankedTunnel[]
  /** What is translated for some peers only. */
  readonly locked: readonly LockEntry[]
}

interface Compared {
  /** Missing where there is no plan yet. */
  readonly lock: Lock | undefined
  readonly findings: readonly Finding[]
  /** By gateway, what makes hand-made tunnels natplan's. */
  readonly adoptions: readonly Adoption[]
}

/** What a plan of running gateways says beside them: the numbers that they have, and what they do otherwise. */
export function comparedWithPlan(network: Omit<WrittenNetwork, 'version'>, known: Known): Compared {
  const told = [...keysNeeded(known.tunnels), ...openOffers(known.tunnels)]
  const { value } = normalize({ version: 1, ...network })
  const planned = (lock: Lock) => (value ? planNetwork(value, lock).plan : undefined)
  const first = planned({
    ...emptyLock,
    entries: new Map(known.locked.map((one) => [lockKey(one.site, one.real), one])),
  })
  if (!first) return { lock: undefined, findings: told, adoptions: [] }
  const beside = (plan: Plan) => {
    const { policies, lock, findings } = derivePolicies(plan)
    const running = policies.flatMap((policy): Running[] => {
      const config = known.configs.find(({ site }) => site === policy.site)
      return config ? [{ policy, device: withPlannedNames(config, plan, known.tunnels) }] : []
    })
    return { running, lock, isRefused: hasErrors(findings) }
  }
  const bare = beside(first)
  const withInterfaces = planned(withRunningInterfaces(bare.lock, bare.running)) ?? first
  const numbered = beside(withInterfaces)
  const plan = planned(withRunningNumbers(numbered.lock, numbered.running)) ?? first
  const { running: found, lock } = beside(plan)
  const running = found.map(({ policy, device }) => ({ policy, device: withPlannedInterfaces(device, policy) }))
  const differing = running.flatMap((one) => differences(one, known.configs))
  const byHand = madeByHand(running, known.configs)
  return { lock, findings: [...differing, ...byHand.findings, ...told], adoptions: byHand.adoptions }
}

/** What concerns what is there; the rest natplan adds. */
const differing: ReadonlySet<UnfulfilledKind> = new Set([
  'tunnel',
  'terms',
  'selector',
  'rule',
  'rule-first',
  'peer',
  'pair-shared',
])

function differences({ policy, device }: Running, configs: readonly SiteConfig[]): Finding[] {
  const found = fulfils(asCompared(device, policy), policy).filter(
    ({ kind, isCertain }) => isCertain && differing.has(kind),
  )
  const [first, ...more] = found
  if (!first) return []
  const file = fileOf(policy.site, configs)
  const others = more.length === 0 ? '' : `, and ${more.length} more`
  return [
    findingOf('IMPORT_INEXACT', inConfig(first.line, file), {
      message: `${policy.site} differs from the plan that was made from it: ${first.what}${others}`,
      hint: 'look at these places before you apply the plan; the diff command shows what it would change',
      related: more.map((one: Unfulfilled) => ({ place: inConfig(one.line, file), message: one.what })),
      about: { site: policy.site },
    }),
  ]
}

/**
 * The device as far as it matters whether it does what a policy wants: numbers are names, and rules that only keep packets from others are
 * natplan's to add.
 */
function asCompared(device: Device, policy: GatewayPolicy): Device {
  const planned = deviceOfPolicy(policy).lists.filter(({ kind }) => kind !== 'filter')
  const exempting = planned.map((list) => ({
    ...list,
    rules: list.rules.filter(({ action }) => action.kind === 'exempt'),
  }))
  const lists = device.lists.map((list) => {
    const wanted = planned.filter(({ kind }) => kind === list.kind).flatMap(({ rules }) => rules)
    return { ...list, rules: list.rules.map((rule) => ({ ...rule, number: numberOf(rule, wanted) })) }
  })
  const tunnels = device.tunnels.map((tunnel) => ({
    ...withPlannedTimeout(tunnel, policy),
    children: tunnel.children.map((child) => ({
      ...child,
      number: undefined,
      through: child.through ?? featureOf(tunnel, policy),
    })),
  }))
  return { ...device, tunnels, lists: [...exempting, ...lists] }
}

/** The interface that natplan adds in front of a tunnel for its NAT: what the tunnel carries is the same without it. */
function featureOf({ name }: DeviceTunnel, { tunnels }: GatewayPolicy): DeviceTunnel['children'][number]['through'] {
  const through = tunnels.find(({ peer }) => peer === name)?.through
  return through?.kind === 'feature' ? { kind: 'feature', interface: through.interface } : undefined
}

/** IKEv2 has no timeout of its own for silent peers: that of its requests counts (RFC 7296, 2.4). */
function withPlannedTimeout(tunnel: DeviceTunnel, { tunnels }: GatewayPolicy): DeviceTunnel {
  const wanted = tunnels.find(({ peer }) => peer === tunnel.name)?.ike.deadPeer
  const isAsking = tunnel.deadPeer.interval > 0 && !tunnel.versions.includes(1)
  return wanted && isAsking ? { ...tunnel, deadPeer: { ...tunnel.deadPeer, timeout: wanted.timeout } } : tunnel
}

function numberOf(rule: DeviceRule, wanted: readonly DeviceRule[]): number | undefined {
  return (wanted.find((one) => isSameRule(one, rule)) ?? rule).number
}

function fileOf(site: string, configs: readonly SiteConfig[]): string | undefined {
  return configs.find((config) => config.site === site)?.document.name
}

/** What natplan did not write itself has other names than natplan's own. */
function madeByHand(running: readonly Running[], configs: readonly SiteConfig[]): ByHand {
  const all = running.map((one) => handMade(one, configs))
  return { findings: all.flatMap(({ findings }) => findings), adoptions: all.flatMap(({ adoptions }) => adoptions) }
}

interface ByHand {
  readonly findings: readonly Finding[]
  readonly adoptions: readonly Adoption[]
}

function handMade({ policy, device }: Running, configs: readonly SiteConfig[]): ByHand {
  const { site, platform } = policy
  const config = configs.find((one) => one.site === site)
  const compare = platformModule(platform)?.compare
  if (!config || !compare) return { findings: [], adoptions: [] }
  const own = new Set(compare.split(config.text, policy).own.device.tunnels.map(({ line }) => line))
  const foreign = policy.tunnels.flatMap(({ peer, through }) => {
    const found = device.tunnels.find(({ name }) => name === peer)
    return found && !own.has(found.line) ? [{ peer, line: found.line, through: through?.interface }] : []
  })
  const [first, ...more] = foreign
  if (!first) return { findings: [], adoptions: [] }
  const file = config.document.name
  const rules = sameRules({ policy, device })
  const lines = compare.adopt(config.text, { site, file: file ?? site, tunnels: foreign, rules })
  const peers = foreign.map(({ peer }) => peer)
  const finding = findingOf('IMPORT_BY_HAND', inConfig(first.line, file), {
    message: `${site} has ${peers.length === 1 ? 'a tunnel' : 'tunnels'} to ${peers.join(', ')} that natplan did not write, so it would add its own beside`,
    hint:
      platform === 'linux'
        ? "import with --adopt prints what to take out for natplan's files, and when; then compare with the command diff"
        : "import with --adopt prints the descriptions that make the existing ones natplan's; enter them, then compare with the command diff",
    related: more.map(({ peer, line }) => ({ place: inConfig(line, file), message: `the one to ${peer}` })),
    about: { site },
  })
  return { findings: [finding], adoptions: [{ site, platform, lines }] }
}

/** Rules of others that do what those of a policy do: those with the same numbers, else with others. */
function sameRules({ policy, device }: Running): Adopted['rules'] {
  return deviceOfPolicy(policy).lists.flatMap(({ kind, rules }) => {
    if (kind === 'filter') return []
    const direction = kind === 'source-nat' ? 'source' : 'destination'
    const there = device.lists.filter((list) => list.kind === kind).flatMap((list) => list.rules)
    return rules.flatMap((rule) => {
      const { number, description } = rule
      const alike = there.filter((one) => !isOwn(one))
      const same =
        ruleLike(
          rule,
          alike.filter((one) => one.number === number),
        ) ?? ruleLike(rule, alike)
      if (!same || number === undefined || description === undefined) return []
      return [{ direction, number: same.number, line: same.line, wanted: number, description } as const]
    })
  })
}

/** A plan has the same algorithms for all that a tunnel carries. */
function openOffers(tunnels: readonly RankedTunnel[]): Finding[] {
  return tunnels.flatMap(shownEnds).flatMap(({ site, tunnel }) => {
    if (tunnel.isWhole) return []
    return [
      findingOf('IMPORT_INEXACT', inConfig(tunnel.line, site.device.file), {
        message: `the tunnel ${tunnel.name} of ${site.name} offers algorithms that are not known, or not the same for all that it carries: the plan has the first ones for all`,
        hint: 'compare them with proposal in the plan before it is applied',
        about: { site: site.name },
      }),
    ]
  })
}

function keysNeeded(tunnels: readonly RankedTunnel[]): Finding[] {
  const keyed = tunnels.filter(({ here }) => here.tunnel.authentication !== 'certificate')
  const [first] = keyed
  if (!first) return []
  const { site, tunnel } = first.here
  const files = keyed.map(keyFile)
  return [
    findingOf('IMPORT_KEYS', inConfig(tunnel.line, site.device.file), {
      message: `${files.length === 1 ? 'the key of a tunnel is' : `the keys of ${files.length} tunnels are`} not imported: the plan takes ${files.length === 1 ? 'it' : 'them'} from ${files.slice(0, 3).join(', ')}${files.length > 3 ? ' and so on' : ''}`,
      hint: 'put each key into its file beside the plan, one line, readable for you alone; or name a variable: preSharedKey: { env: NATPLAN_NAME }',
    }),
  ]
}
