import {
  derivePolicies,
  emptyLock,
  type Finding,
  findingOf,
  fulfils,
  hasErrors,
  inConfig,
  type Lock,
  type LockEntry,
  lockKey,
  normalize,
  type Plan,
  planNetwork,
  tunnelName,
  type Unfulfilled,
  type UnfulfilledKind,
  type WrittenNetwork,
} from '@natplan/core'
import { platformModule } from '@natplan/templates'
import type { SiteConfig } from '../../configs/read-configuration.ts'
import { endAt } from './joined-tunnels.ts'
import type { RankedTunnel } from './ranked-tunnels.ts'
import { type Running, withRunningInterfaces, withRunningNumbers } from './running-numbers.ts'
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
}

/** What a plan of running gateways says beside them: the numbers that they have, and what they do otherwise. */
export function comparedWithPlan(network: Omit<WrittenNetwork, 'version'>, known: Known): Compared {
  const keys = keysNeeded(known.tunnels)
  const { value } = normalize({ version: 1, ...network })
  const planned = (lock: Lock) => (value ? planNetwork(value, lock).plan : undefined)
  const first = planned({ ...emptyLock, entries: new Map(known.locked.map((one) => [lockKey(one.site, one.real), one])) })
  if (!first) return { lock: undefined, findings: keys }
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
  const { running, lock } = beside(plan)
  const differing = running.flatMap((one) => differences(one, known.configs))
  return { lock, findings: [...differing, ...madeByHand(running, known.configs), ...keys] }
}

/** The device of a site with its tunnels under the names that the plan has for them. */
function withPlannedNames({ site, device }: SiteConfig, { network }: Plan, joined: readonly RankedTunnel[]) {
  const names = new Map(
    joined.flatMap((tunnel, index) => {
      const end = endAt(tunnel, site)
      const planned = network.tunnels?.[index]
      const peer = planned?.sites.find((name) => name !== site)
      return end && planned && peer ? [[end.tunnel, tunnelName(peer, planned)] as const] : []
    }),
  )
  return { ...device, tunnels: device.tunnels.map((one) => ({ ...one, name: names.get(one) ?? `other ${one.name}` })) }
}

/** What concerns what is there; the rest natplan adds. */
const differing: ReadonlySet<UnfulfilledKind> = new Set(['tunnel', 'terms', 'selector', 'rule', 'rule-first', 'peer', 'pair-shared'])

function differences({ policy, device }: Running, configs: readonly SiteConfig[]): Finding[] {
  // What keeps packets from a masquerade that may not be there is natplan's own care.
  const nat = policy.nat.filter(({ action }) => action.kind !== 'exempt')
  const found = fulfils(device, { ...policy, nat }).filter(({ kind, isCertain }) => isCertain && differing.has(kind))
  const [first, ...more] = found
  if (!first) return []
  const file = fileOf(policy.site, configs)
  const others = more.length === 0 ? '' : `, and ${more.length} more`
  return [
    findingOf('IMPORT_DIFFERS', inConfig(first.line, file), {
      message: `${policy.site} does otherwise than the plan that was made of it: ${first.what}${others}`,
      hint: 'look at these places before the plan is applied; "natplan diff" shows what it would change',
      related: more.map((one: Unfulfilled) => ({ place: inConfig(one.line, file), message: one.what })),
      about: { site: policy.site },
    }),
  ]
}

function fileOf(site: string, configs: readonly SiteConfig[]): string | undefined {
  return configs.find((config) => config.site === site)?.document.name
}

/** What natplan did not write itself has other names than natplan's own. */
function madeByHand(running: readonly Running[], configs: readonly SiteConfig[]): Finding[] {
  return running.flatMap(({ policy, device }) => {
    const config = configs.find(({ site }) => site === policy.site)
    const split = config && platformModule(policy.platform)?.compare?.split(config.text, policy)
    if (!config || !split) return []
    const own = new Set(split.own.device.tunnels.map(({ line }) => line))
    const foreign = device.tunnels.filter(
      ({ name, line }) => policy.tunnels.some(({ peer }) => peer === name) && !own.has(line),
    )
    const [first, ...more] = foreign
    if (!first) return []
    const file = config.document.name
    const peers = foreign.map(({ name }) => name)
    return [
      findingOf('IMPORT_BY_HAND', inConfig(first.line, file), {
        message: `${policy.site} has ${peers.length === 1 ? 'a tunnel' : 'tunnels'} to ${peers.join(', ')} that natplan did not write, so that it would add its own beside`,
        hint: `enter what "natplan vyatta --site ${policy.site}" prints, and delete the old one in the same commit`,
        related: more.map(({ name, line }) => ({ place: inConfig(line, file), message: `the one to ${name}` })),
        about: { site: policy.site },
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
