import type { AddressMatch, PortMatch } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import { tryParseMatch, tryParsePorts } from './parse-match.ts'

/** The leaf that holds the members of each kind of group. */
const addressKinds = { 'address-group': 'address', 'network-group': 'network' } as const

/** The firewall groups of a configuration, which NAT rules may name in place of addresses, ports and interfaces. */
export class Groups {
  readonly #groups: ConfigNode | undefined

  constructor(root: ConfigNode) {
    this.#groups = root.at('firewall', 'group')
  }

  /** The members of the group that a rule names; `undefined` for none, several, one within another, or one that is not all addresses. */
  addresses(side: ConfigNode): readonly AddressMatch[] | undefined {
    const named = Object.entries(addressKinds).flatMap(([kind, leaf]) => {
      const name = side.peek('group', kind)
      return name === undefined ? [] : [{ kind, leaf, name }]
    })
    const [only, ...others] = named
    if (!only || others.length > 0) return undefined
    const members = this.#members(only.kind, only.name, only.leaf)?.map(tryParseMatch)
    if (!members?.every((match) => match !== undefined && !match.negated)) return undefined
    side.value('group', only.kind)
    return members as AddressMatch[]
  }

  ports(side: ConfigNode): PortMatch | undefined {
    const name = side.peek('group', 'port-group')
    const members = name === undefined ? undefined : this.#members('port-group', name, 'port')
    const match = members && tryParsePorts(members.join(','))
    if (match) side.value('group', 'port-group')
    return match
  }

  /** The interfaces of the group that a rule names below `outbound-interface` or `inbound-interface`. */
  interfaces(leaf: ConfigNode): readonly string[] | undefined {
    const name = leaf.peek('group')
    const members = name === undefined ? undefined : this.#members('interface-group', name, 'interface')
    if (members) leaf.value('group')
    return members
  }

  /** `undefined` for a group that is not there, is empty, or holds anything else than such members. */
  #members(kind: string, name: string, leaf: string): readonly string[] | undefined {
    const group = this.#groups?.at(kind, name)
    if (!group) return undefined
    const others = [...group.entries()].filter(([part]) => part !== leaf && part !== 'description')
    const members = [...(group.at(leaf)?.entries() ?? [])].map(([text]) => text)
    return others.length > 0 || members.length === 0 ? undefined : members
  }
}
