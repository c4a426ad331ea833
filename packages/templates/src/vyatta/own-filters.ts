import { ownPrefix } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import { below, isOwnText, type OwnThing } from './own-thing.ts'
import { pathOfInterface, writtenInterfaces } from './read-interfaces.ts'

/** natplan's part of the firewalls of others: rules, sets, the places that name these, a zone, and groups. */
export function ownFilters(root: ConfigNode): OwnThing[] {
  return [...ownFilterSets(root), ...ownFilterRules(root), ...ownBindings(root), ...ownZones(root)]
}

/** Lists of named sets of filter rules. */
const setLists = [
  ...[['name'], ['ipv6-name'], ['ipv4', 'name'], ['ipv6', 'name']].map((list) => ['firewall', ...list]),
  ['security', 'firewall', 'name'],
]

/** Groups that rules of filters name. */
const filterGroups = [
  ...['address-group', 'network-group', 'ipv6-address-group', 'ipv6-network-group'].map((kind) => [
    'firewall',
    'group',
    kind,
  ]),
  ['resources', 'group', 'address-group'],
]

/** What natplan calls them; another name is somebody else's, whatever it begins with. */
const groupNames = ['peers', 'own', 'own-translated', 'gateways'].map((name) => `${ownPrefix}${name}`)

function ownFilterSets(root: ConfigNode): OwnThing[] {
  const named = (lists: readonly (readonly string[])[], isNamed: (name: string) => boolean) =>
    lists.flatMap((list) =>
      below(root, list)
        .filter(([name]) => isNamed(name))
        .map(([name]): OwnThing => ({ kind: 'group', name: [...list, name].join(' '), path: [...list, name] })),
    )
  return [
    ...named(setLists, (name) => name.startsWith(ownPrefix)),
    ...named(filterGroups, (name) => groupNames.includes(name)),
  ]
}

/** Where zones and interfaces name such sets. */
function ownBindings(root: ConfigNode): OwnThing[] {
  return bindings(root).flatMap((binding) =>
    below(root, binding)
      .filter(([name]) => name.startsWith(ownPrefix))
      .map(([name]): OwnThing => ({ kind: 'rule', name: binding.join(' '), path: [...binding, name] })),
  )
}

/** Of the 5600, for interfaces of tunnels that were in none. */
function ownZones(root: ConfigNode): OwnThing[] {
  const path = ['security', 'zone-policy', 'zone']
  return below(root, path)
    .filter(([name]) => name.startsWith(ownPrefix))
    .map(([name]): OwnThing => ({ kind: 'rule', name: [...path, name].join(' '), path: [...path, name] }))
}

function bindings(root: ConfigNode): string[][] {
  const pairs = (path: readonly string[], word: string) =>
    below(root, path)
      .filter(([zone]) => !zone.startsWith(ownPrefix))
      .flatMap(([zone]) =>
        below(root, [...path, zone, word]).map(([other]) => [...path, zone, word, other, 'firewall']),
      )
  const older = [
    ['firewall', 'zone'],
    ['zone-policy', 'zone'],
  ].flatMap((path) => pairs(path, 'from'))
  return [
    ...older.flatMap((path) => ['name', 'ipv6-name'].map((leaf) => [...path, leaf])),
    ...pairs(['security', 'zone-policy', 'zone'], 'to'),
    ...writtenInterfaces(root).flatMap((one) => ['in', 'out'].map((way) => [...pathOfInterface(one), 'firewall', way])),
  ]
}

/** Rules of named sets, and of the chains of VyOS 1.4 and later. */
function ownFilterRules(root: ConfigNode): OwnThing[] {
  const named = setLists.flatMap((list) =>
    below(root, list)
      .filter(([name]) => !name.startsWith(ownPrefix))
      .map(([name]) => [...list, name]),
  )
  const chains = [['ipv4'], ['ipv6']].flatMap((family) =>
    ['forward', 'input', 'output', 'prerouting'].flatMap((hook) =>
      below(root, ['firewall', ...family, hook]).map(([chain]) => ['firewall', ...family, hook, chain]),
    ),
  )
  return [...named, ...chains].flatMap((set) =>
    below(root, [...set, 'rule'])
      .filter(([, node]) => isOwnText(node.peek('description')))
      .map(
        ([number]): OwnThing => ({
          kind: 'rule',
          name: [...set, number].join(' '),
          path: [...set, 'rule', number],
        }),
      ),
  )
}
