import type { Code } from '../codes.ts'
import type { Device } from '../device/device.ts'
import { interfaceOfRoute } from '../device/next-hop.ts'
import { type Finding, findingOf, inConfig, inPlan, type Place } from '../finding.ts'
import { abilities } from './abilities.ts'
import { clashingClaims } from './clashing-claims.ts'
import { foreignNumbers } from './existing.ts'
import { fulfils } from './fulfils.ts'
import type { GatewayPolicy } from './gateway-policy.ts'
import { mergedDevice } from './merged-device.ts'
import type { Unfulfilled, UnfulfilledKind } from './unfulfilled.ts'

/** What of a device contradicts a policy that is to be added to it; `running` has nothing that the new lines replace. */
export function checkExisting(policy: GatewayPolicy, running: Device): Finding[] {
  const merged = mergedDevice(running, policy)
  const found = fulfils(merged, policy)
  return [
    ...numbersInUse(policy, running),
    ...found.flatMap((one) => findingsOf(one, policy, running)),
    ...takenFromRoutes(policy, running),
    ...claimed(found, policy, running),
    ...unfollowed(found, policy, running),
  ]
}

function numbersInUse(policy: GatewayPolicy, running: Device): Finding[] {
  const foreign = new Set(foreignNumbers(running).map(({ direction, number }) => `${direction} ${number}`))
  return policy.nat
    .filter(({ direction, number }) => foreign.has(`${direction} ${number}`))
    .map(({ direction, number }) => {
      const list = running.lists.find(({ kind, name }) => kind === `${direction}-nat` && name === direction)
      const line = list?.rules.find((rule) => rule.number === number)?.line
      return findingOf('EXISTING_NUMBER_IN_USE', placeOf(line, policy, running), {
        message: `${direction} rule ${number} of ${policy.site} exists already and is not natplan's`,
        hint: 'remove its line from numbers in the lock and plan again with the same running configuration',
      })
    })
}

/** What the policy itself has is there once its lines are, so only what others have is told. */
const codeOf: Partial<Record<UnfulfilledKind, Code>> = {
  'rule-first': 'EXISTING_RULE_FIRST',
  peer: 'EXISTING_PEER',
  'pair-shared': 'EXISTING_SELECTOR',
  'route-elsewhere': 'EXISTING_ROUTE',
  network: 'EXISTING_NETWORK',
  interface: 'EXISTING_INTERFACE',
}

function findingsOf({ kind, what, hint, line }: Unfulfilled, policy: GatewayPolicy, running: Device): Finding[] {
  const code = codeOf[kind]
  if (code === undefined) return []
  return [findingOf(code, placeOf(line, policy, running), { message: what, ...(hint === undefined ? {} : { hint }) })]
}

/** What a new route into nothing takes from a wider one that leads to an interface which is known not to be the outside one. */
function takenFromRoutes(policy: GatewayPolicy, running: Device): Finding[] {
  const { platform, site, discards, outside } = policy
  if (!abilities[platform].discardRoutes) return []
  return running.routes.flatMap((route) => {
    const target = interfaceOfRoute(running, route)
    const isOther = target !== undefined && target !== outside.interface && route.table === 'main'
    const taken = discards.find((prefix) => route.prefix.length < prefix.length && route.prefix.contains(prefix))
    if (!isOther || !taken || route.prefix.length === 0) return []
    return findingOf('EXISTING_ROUTE', placeOf(route.line, policy, running), {
      message: `${site} routes ${route.prefix} to ${target}, but ${taken} of it is what peers call ${site} from now on: hosts there are not reached any more`,
      hint: 'reserve what is in use behind that route in the plan, so that other space is taken',
    })
  })
}

/** What is said about an interface already is told once. */
function claimed(found: readonly Unfulfilled[], policy: GatewayPolicy, running: Device): Finding[] {
  const told = new Set(found.flatMap(({ kind, line }) => (kind === 'interface' ? [line] : [])))
  return clashingClaims(policy, running)
    .filter(({ line }) => line === undefined || !told.has(line))
    .map(({ line, ...problem }) => findingOf('EXISTING_TAKEN', placeOf(line, policy, running), problem))
}

/** So many lines are shown; the rest is counted. */
const shownLines = 5

/** One finding for all lines that were not followed. */
function unfollowed(found: readonly Unfulfilled[], policy: GatewayPolicy, running: Device): Finding[] {
  const unread = found.filter(({ kind }) => kind === 'unread')
  const [first] = unread
  if (!first) return []
  const count = unread.length === 1 ? 'a line' : `${unread.length} lines`
  return [
    findingOf('EXISTING_NOT_FOLLOWED', placeOf(first.line, policy, running), {
      message: `${count} of the running configuration of ${policy.site} could drop, translate or divert packets of the tunnels`,
      hint: 'check by hand that they do not contradict the plan',
      related: unread
        .slice(0, shownLines)
        .map(({ line, what }) => ({ place: placeOf(line, policy, running), message: what })),
    }),
  ]
}

/** The line of the running configuration, or else the gateway in the plan. */
function placeOf(line: number | undefined, { site }: GatewayPolicy, { file }: Device): Place {
  return line === undefined ? inPlan(['sites', site, 'gateway']) : { ...inConfig(line, file), column: 1 }
}
