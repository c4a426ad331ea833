import { type Finding, findingOf, inConfig, inPlan, type Place } from '../finding.ts'
import { type ExistingConfig, foreignNumbers, isOwn, mayCatch } from './existing.ts'
import type { GatewayPolicy, NatRule } from './gateway-policy.ts'

/** What in a running configuration contradicts a policy that is to be added to it. */
export function checkExisting(policy: GatewayPolicy, existing: ExistingConfig): Finding[] {
  const place = inPlan(['sites', policy.site, 'gateway'])
  return [
    ...numbersInUse(policy, existing, place),
    ...rulesThatComeFirst(policy, existing, place),
    ...peersThatClash(policy, existing, place),
    ...routesThatClash(policy, existing, place),
    ...interfacesThatClash(policy, existing, place),
  ]
}

function numbersInUse(policy: GatewayPolicy, existing: ExistingConfig, place: Place): Finding[] {
  const foreign = new Set(foreignNumbers(existing).map(({ direction, number }) => `${direction} ${number}`))
  return policy.nat
    .filter(({ direction, number }) => foreign.has(`${direction} ${number}`))
    .map(({ direction, number }) =>
      findingOf('EXISTING_NUMBER_IN_USE', place, {
        message: `${direction} rule ${number} of ${policy.site} is there already and is not natplan's`,
        hint: 'remove its line from numbers in the lock and plan again with the same running configuration',
      }),
    )
}

/** One finding for a rule that is there, however many of the new ones it comes before. */
function rulesThatComeFirst(policy: GatewayPolicy, existing: ExistingConfig, place: Place): Finding[] {
  return existing.policy.nat
    .filter((rule) => !isOwn(rule))
    .flatMap((rule) => {
      const caught = policy.nat.filter((own) => own.number > rule.number && mayCatch(rule, own))
      const [first] = caught
      const related = relatedTo(rule, existing, `rule ${rule.number} is here`)
      return first
        ? [{ ...comesFirst({ rule, first, others: caught.length - 1, site: policy.site, place }), ...related }]
        : []
    })
}

function comesFirst(clash: {
  readonly rule: NatRule
  readonly first: NatRule
  readonly others: number
  readonly site: string
  readonly place: Place
}): Finding {
  const { rule, first, others, site, place } = clash
  const more = others > 0 ? ` and ${others} more` : ''
  const what = { map: 'translates', exempt: 'exempts', masquerade: 'masquerades', pool: 'translates' }[rule.action.kind]
  return findingOf('EXISTING_RULE_FIRST', place, {
    message: `${rule.direction} rule ${rule.number} of ${site} ${what} packets before rule ${first.number}${more} can`,
    hint: `give rule ${rule.number} a number behind natplan's, or remove natplan's numbers from the lock and plan again`,
  })
}

function peersThatClash(policy: GatewayPolicy, existing: ExistingConfig, place: Place): Finding[] {
  const peers = new Map(policy.tunnels.map((tunnel) => [tunnel.remote.address.toString(), tunnel]))
  return existing.policy.tunnels.flatMap((tunnel) => {
    const { peer, remote, selectors } = tunnel
    const related = relatedTo(tunnel, existing, `${peer} is here`)
    const same = peers.get(remote.address.toString())
    if (same) {
      const message = `${policy.site} has a tunnel to ${remote.address} already, called ${peer}; natplan's for ${same.peer} ends there too`
      return [findingOf('EXISTING_PEER', place, { message, hint: 'remove the old tunnel first', ...related })]
    }
    const overlapping = policy.tunnels.find((planned) =>
      planned.selectors.some((own) =>
        selectors.some((old) => old.remote.overlaps(own.remote) && old.local.overlaps(own.local)),
      ),
    )
    if (!overlapping) return []
    const message = `the tunnel ${peer} of ${policy.site} carries prefixes that natplan's tunnel to ${overlapping.peer} carries too`
    const hint = 'narrow or remove the prefixes of the old tunnel'
    return [findingOf('EXISTING_SELECTOR', place, { message, hint, ...related })]
  })
}

/** Where a thing stands in the running configuration, when that is known. */
function relatedTo(thing: object, { written }: ExistingConfig, message: string): Pick<Finding, 'related'> {
  const line = written?.lines.get(thing)
  return line === undefined ? {} : { related: [{ place: inConfig(line, written?.file), message }] }
}

function routesThatClash(
  policy: GatewayPolicy,
  { policy: running, otherRoutes = [] }: ExistingConfig,
  place: Place,
): Finding[] {
  const planned = new Set(policy.routes.map(({ prefix, interface: target }) => `${prefix} ${target}`))
  const remotes = policy.tunnels.flatMap(({ peer, selectors }) => selectors.map(({ remote }) => ({ peer, remote })))
  const routes = [
    ...running.routes.map(({ prefix, interface: target }) => ({ prefix, via: target })),
    ...otherRoutes,
  ].filter(({ prefix, via }) => !planned.has(`${prefix} ${via}`) && via !== policy.outside.interface)
  return routes.flatMap(({ prefix, via }) => {
    const found = remotes.find(({ remote }) => remote.contains(prefix))
    if (!found) return []
    const message = `${policy.site} routes ${prefix} to ${via}, but it is ${found.remote} of ${found.peer} from now on`
    return [findingOf('EXISTING_ROUTE', place, { message, hint: 'remove the route, or avoid the prefix in the plan' })]
  })
}

function interfacesThatClash(policy: GatewayPolicy, { policy: running }: ExistingConfig, place: Place): Finding[] {
  return policy.interfaces.flatMap(({ name, address }) => {
    const there = running.interfaces.find((one) => one.name === name)
    if (!there || there.address?.toString() === address?.toString()) return []
    const message = `${name} of ${policy.site} is there already, with ${there.address ?? 'no address'}`
    const hint = 'choose another name with gateway.virtualInterface'
    return [findingOf('EXISTING_INTERFACE', place, { message, hint })]
  })
}
