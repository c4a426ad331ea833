import { Address, type Claim, type GatewayPolicy, ownPrefix } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import type { VyattaDialect } from './dialect.ts'
import { below, isOwnText, type OwnThing } from './own-thing.ts'
import { interfacesOff, tableName } from './read-interfaces.ts'

/** The names and numbers that a configuration of the family uses up, as far as interfaces, routes and rules do not show them. */
export function readClaims(root: ConfigNode, { vpnRoot }: VyattaDialect): Claim[] {
  return [
    ...below(root, ['vrf', 'name']).flatMap(([name, node]) => tablesAt(node.at('table'), `the VRF ${name}`)),
    ...tablesAt(root.at('protocols', 'static', 'table'), 'a table of protocols static'),
    ...interfacesOff(root).map(({ name, node }): Claim => {
      return { kind: 'name', value: name, by: 'an interface that is switched off', line: node.line }
    }),
    ...below(root, ['interfaces', 'virtual-ethernet']).flatMap(([name, node]) => namesAt(node.at('peer-name'), name)),
    ...groupsBelow(root.at(...vpnRoot), `something else under ${vpnRoot.join(' ')}`),
    ...groupsBelow(root.at('vpn', 'l2tp'), 'the L2TP server'),
  ]
}

function tablesAt(node: ConfigNode | undefined, by: string): Claim[] {
  return (node?.children() ?? []).map(([number, { line }]) => {
    return { kind: 'table', value: tableName(number), by, line: line ?? node?.line }
  })
}

function namesAt(node: ConfigNode | undefined, by: string): Claim[] {
  return (node?.children() ?? []).map(([value, { line }]) => ({
    kind: 'name',
    value,
    by: `peer-name of ${by}`,
    line,
  }))
}

const groupLeaves: ReadonlySet<string> = new Set(['ike-group', 'esp-group', 'default-esp-group'])

/** Where something refers to a group that has a name of natplan's; `by`: what it is. */
function groupsBelow(node: ConfigNode | undefined, by: string): Claim[] {
  const claims: Claim[] = []
  if (node) addGroupsBelow(node, by, claims)
  return claims
}

function addGroupsBelow(node: ConfigNode, by: string, claims: Claim[]): void {
  for (const [name, child] of node.children()) {
    if (!groupLeaves.has(name)) {
      addGroupsBelow(child, by, claims)
      continue
    }
    for (const [value, { line }] of child.children()) {
      if (value.startsWith(ownPrefix)) claims.push({ kind: 'group', value, by, line: line ?? child.line })
    }
  }
}

/**
 * Peers that count as natplan's for their groups alone, although they have no description of natplan's, as each of its own has, and the plan has no
 * tunnel to their address.
 */
export function borrowedGroups(
  root: ConfigNode,
  things: readonly OwnThing[],
  { tunnels }: Pick<GatewayPolicy, 'tunnels'>,
): Claim[] {
  const planned = tunnels.flatMap(({ remote: { address } }) =>
    address.kind === 'known' ? [String(address.address)] : [],
  )
  return things.flatMap(({ kind, path, name }) => {
    const node = kind === 'tunnel' && !name.startsWith(ownPrefix) ? root.at(...path) : undefined
    const address = Address.tryParse(node?.peek('remote-address') ?? name)
    const isBorrowed = node && !isOwnText(node.peek('description')) && !planned.includes(String(address))
    return isBorrowed ? groupsBelow(node, `the peer ${name}`) : []
  })
}
