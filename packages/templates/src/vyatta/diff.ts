import { type Finding, findingOf, type GatewayPolicy, inConfig, inPlan } from '@natplan/core'
import type { Difference, DiffOptions, Operation, Shares } from '../difference.ts'
import { notCompared } from '../key-outcome.ts'
import type { ReadDevice } from '../read-device.ts'
import { compareKeys, keyLeaves } from './compare-keys.ts'
import { compareNodes, deleteStep, isSafe, renewSteps, setSteps } from './compare-nodes.ts'
import { ConfigNode } from './config-tree.ts'
import type { VyattaDialect } from './dialect.ts'
import { ownFilters } from './own-filters.ts'
import { below, type OwnThing } from './own-thing.ts'
import { ownThings, type Planned, splitTree } from './ownership.ts'
import { borrowedGroups } from './read-claims.ts'
import { readConfig } from './read-config.ts'
import { deviceOfTree } from './read-device.ts'

/** What is set first, since others refer to it. What leaves goes the other way. */
const order: readonly OwnThing['kind'][] = ['vrf', 'interface', 'key', 'group', 'tunnel', 'rule', 'route']

export function splitVyatta(text: string, policy: Planned, dialect: VyattaDialect): Shares {
  const { root, stray } = readConfig(text)
  const things = ownThings(root, dialect, policy)
  const trees = splitTree(root, things)
  shareRouteSwitch(root, trees.own, dialect)
  const own = deviceOfTree({ root: trees.own, stray: [] }, dialect)
  const planned = policy.interfaces.map(({ name }) => name)
  const others = deviceOfTree({ root: trees.others, stray }, dialect, { planned })
  const findings = [...others.findings, ...natElsewhere(root, dialect)]
  const names = new Set(own.device.interfaces.map(({ name }) => name))
  const { device } = withoutInterfaces(others, names)
  const claims = [...(device.claims ?? []), ...borrowedGroups(root, things, policy)]
  return { own, others: { ...others, device: { ...device, claims }, findings } }
}

/** A setting of all tunnels that says where packets of natplan's go: its own share is read with it. */
function shareRouteSwitch(root: ConfigNode, own: ConfigNode, { vpnRoot }: VyattaDialect): void {
  const [options, leaf] = [[...vpnRoot, 'options'], 'disable-route-autoinstall']
  const node = root.at(...options, leaf)
  if (node) own.branch(options, node.line).adopt(node)
}

/** Vyatta up to 6.3 has all NAT in one list under `service nat`; a release has one of the forms. */
function natElsewhere(root: ConfigNode, { natRoot, natLists }: VyattaDialect): Finding[] {
  const own =
    natLists === 'one'
      ? [[...natRoot, 'rule']]
      : [
          [...natRoot, 'source'],
          [...natRoot, 'destination'],
        ]
  const written = own.map((path) => path.join(' '))
  const there = [['nat'], ['service', 'nat']]
    .flatMap((path) => ['source', 'destination', 'rule'].map((list) => [...path, list]))
    .filter((path) => root.at(...path) && !written.includes(path.join(' ')))
  return there.map((path) =>
    findingOf('EXISTING_NAT_ELSEWHERE', inConfig(root.at(...path)?.line), {
      message: `NAT of this gateway is under "${path.join(' ')}", and natplan writes it under "${written.join('" and "')}"`,
      hint: `is the platform right? A release of the device has one of the forms: natplan verify reads both`,
    }),
  )
}

/** What others set on an interface of natplan's makes it none of theirs. */
function withoutInterfaces(read: ReadDevice, names: ReadonlySet<string>): ReadDevice {
  const { device } = read
  return { ...read, device: { ...device, interfaces: device.interfaces.filter(({ name }) => !names.has(name)) } }
}

export interface Wish {
  readonly dialect: VyattaDialect
  /** What natplan writes for the policy, without keys. */
  readonly wanted: string
  readonly options: DiffOptions
}

/**
 * The lines from a running configuration to a policy. One commit takes all of them; still they are in an order in which nothing refers to
 * what is not there, what is new comes before what leaves, and what leaves goes from the packets' side: routes, NAT, tunnels.
 */
export function diffVyatta(text: string, policy: GatewayPolicy, { dialect, wanted, options }: Wish): Difference {
  const there = sideOf(text, policy, dialect)
  const planned = sideOf(wanted, policy, dialect)
  const keys = compareKeys(there.own, policy, { dialect, options })
  const keyOf = new Map(keys.map(({ thing, operation }) => [thing.join(' '), operation]))
  const leaving = leavingThings(there, planned)
  const operations = [
    ...settingOperations(there.others, planned.others),
    ...planned.things.flatMap((thing) => [
      ...thingOperations(thing, { there, planned, dialect }),
      ...[keyOf.get(thing.path.join(' ')) ?? []].flat(),
    ]),
    ...removals(leaving.gone, there, planned.root),
  ]
  const unsafe = operations.filter((operation) => !isSafe(operation)).map(unsafeFinding)
  return {
    operations: unsafe.length > 0 ? [] : operations,
    keys: keys.map(({ peer, outcome }) => ({ peer, outcome })),
    findings: [
      ...unsafe,
      ...leaving.used.map(({ name }) => stillUsed(name, policy.site)),
      ...notCompared(keys, policy),
    ],
  }
}

/** The lines that take natplan off a device, or its part of the filters there; no key is looked at. */
export function takeOffVyatta(
  text: string,
  { site, only }: { readonly site: string; readonly only: 'filters' | undefined },
  dialect: VyattaDialect,
): Difference {
  const whole = sideOf(text, nothingPlanned, dialect)
  const there = only ? { ...whole, things: ownFilters(whole.root) } : whole
  const leaving = leavingThings(there, sideOf('', nothingPlanned, dialect))
  const operations = removals(leaving.gone, there, new ConfigNode())
  const unsafe = operations.filter((operation) => !isSafe(operation)).map(unsafeFinding)
  return {
    operations: unsafe.length > 0 ? [] : operations,
    keys: [],
    findings: [...unsafe, ...leaving.used.map(({ name }) => stillUsed(name, site))],
  }
}

const nothingPlanned: Planned = { interfaces: [], routes: [], tunnels: [] }

interface Side {
  readonly root: ConfigNode
  readonly things: readonly OwnThing[]
  readonly own: ConfigNode
  readonly others: ConfigNode
}

function sideOf(text: string, policy: Planned, dialect: VyattaDialect): Side {
  const { root } = readConfig(text)
  const found = ownThings(root, dialect, policy)
  const things = order.flatMap((kind) => found.filter((thing) => thing.kind === kind))
  return { root, things, ...splitTree(root, things) }
}

/** Settings that other tunnels use too are set where they differ. */
function settingOperations(running: ConfigNode, wanted: ConfigNode): Operation[] {
  return setSteps(wanted, 'missing')
    .filter(({ path }) => !running.at(...path))
    .map((step) => {
      const setting = step.path.slice(0, -1)
      const isList = setting.at(-1) === 'interface'
      const differs = !isList && below(running, setting).length > 0
      return {
        ...step,
        reason: differs ? 'differs' : 'missing',
        object: { kind: 'setting', name: setting.join(' '), change: differs ? 'changed' : 'added' },
      }
    })
}

function thingOperations(
  { kind, name, path }: OwnThing,
  { there, planned, dialect }: { readonly there: Side; readonly planned: Side; readonly dialect: VyattaDialect },
): Operation[] {
  const running = there.own.at(...path)
  const wanted = planned.own.at(...path)
  if (!wanted) return []
  const comparison = { lists: listLeaves(kind, dialect), apart: apartFor(wanted), isRenewed: isRouteOfVrf }
  const steps = running ? compareNodes(running, wanted, { path, comparison }) : setSteps(wanted, 'missing')
  return (running && kind === 'route' ? renewSteps(steps, wanted, path) : steps).map((step) => ({
    ...step,
    object: { kind, name, change: running ? 'changed' : 'added' },
  }))
}

/** `vrf name NAME protocols static route PREFIX`: nothing of others stands in a VRF of natplan's. */
function isRouteOfVrf(path: readonly string[]): boolean {
  return path.length === 7 && path[0] === 'vrf' && path[3] === 'protocols'
}

/** A key is compared elsewhere, and goes where certificates come; what opens a private key is none of natplan's. */
function apartFor(wanted: ConfigNode): readonly string[] {
  return wanted.at('authentication', 'x509') ? passphraseLeaves : keyLeaves
}

const passphraseLeaves = ['password', 'passphrase']

function listLeaves(kind: OwnThing['kind'], { manyPrefixes }: VyattaDialect): readonly string[] {
  if (kind === 'interface') return ['address']
  if (kind === 'key') return ['id']
  if (kind === 'group') return ['address', 'network']
  return kind === 'tunnel' && manyPrefixes ? ['prefix'] : []
}

/** Things that the plan does not have, but for those that others use: the device would refuse to commit. */
function leavingThings(there: Side, planned: Side): { readonly gone: OwnThing[]; readonly used: OwnThing[] } {
  const kept = new Set(planned.things.map(({ path }) => path.join(' ')))
  const leaving = [...order]
    .reverse()
    .flatMap((kind) => there.things.filter((thing) => thing.kind === kind && !kept.has(thing.path.join(' '))))
  const hasUsers = ({ kind }: OwnThing) => ['group', 'interface', 'vrf'].includes(kind)
  const names = new Set(leaving.filter(hasUsers).map(lastName))
  const mentioned = names.size > 0 ? mentionsIn(there.others, names) : names
  const isUsed = (thing: OwnThing) => hasUsers(thing) && mentioned.has(lastName(thing))
  return { gone: leaving.filter((thing) => !isUsed(thing)), used: leaving.filter(isUsed) }
}

function lastName({ path }: OwnThing): string {
  return path.at(-1) ?? ''
}

/** Which of these names stand anywhere in a tree but in a description. */
function mentionsIn(node: ConfigNode, names: ReadonlySet<string>): Set<string> {
  const found = new Set<string>()
  const visit = (at: ConfigNode): void => {
    for (const [name, child] of at.children()) {
      if (names.has(name)) found.add(name)
      if (name !== 'description') visit(child)
    }
  }
  visit(node)
  return found
}

/** Each line once: the node of a route may go with several things of natplan's. */
function removals(gone: readonly OwnThing[], there: Side, wanted: ConfigNode): Operation[] {
  const all = gone.map((thing) => removal(thing, there, wanted))
  return [...new Map(all.map((one) => [one.text, one])).values()]
}

/** A route's whole node goes when nothing else stands in it. */
function removal({ kind, name, path }: OwnThing, { others }: Side, wanted: ConfigNode): Operation {
  const route = path.slice(0, 4)
  const isAlone = kind === 'route' && !wanted.at(...route) && !others.at(...route)
  return { ...deleteStep(isAlone ? route : path, 'surplus'), object: { kind, name, change: 'removed' } }
}

function unsafeFinding({ object }: Operation): Finding {
  const message = `${object.kind} ${JSON.stringify(object.name)} has a line with characters that natplan does not write`
  return findingOf('VALUE_UNSAFE', inConfig(), { message, hint: 'delete that line by hand, and compare again' })
}

function stillUsed(name: string, site: string): Finding {
  return findingOf('DIFF_STILL_USED', inPlan(['sites', site, 'gateway']), {
    message: `${name} of ${site} left the plan, but lines of others refer to it`,
    hint: 'change those lines, and compare again',
  })
}
