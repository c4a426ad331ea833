/**
 * What the firewall of VyOS 1.4 and 1.5 means, as chains of nft: by its documentation and the templates by which it makes them itself
 * (data/templates/firewall/nftables.j2, python/vyos/firewall.py of vyos-1x), and not by what natplan reads. Only IPv4, and of that the words that the
 * rules of this test have.
 */
export function nftOfVyos(text: string): string {
  const config = treeOf(text)
  const firewall = config.at('firewall')
  const state = chainText('state-policy', undefined, statePolicyOf(firewall.at('global-options', 'state-policy')))
  const ipv4 = firewall.at('ipv4')
  const groups = firewall.at('group')
  const sets = ipv4.below('name').map(([name, set]) => chainText(`name-${name}`, undefined, setOf(set, groups)))
  const bases = ['prerouting', 'input', 'forward', 'output'].flatMap((hook) =>
    ipv4.below(hook).map(([kind, chain]) => {
      const head = `type filter hook ${hook} priority ${kind === 'raw' ? -300 : 0}; policy accept;`
      return chainText(`${hook}-${kind}`, head, baseOf(chain, { groups, isPoliced: kind === 'filter' }))
    }),
  )
  const zones = zonesOf(firewall)
  const declared = ipv4.below('name').map(([name]) => chainText(`name-${name}`, undefined, []))
  return [...declared, state, ...sets, ...bases, ...zones].join('')
}

/** A configuration as its commands build it. */
class Tree {
  readonly #children = new Map<string, Tree>()

  add(words: readonly string[]): void {
    const [first, ...rest] = words
    if (first === undefined) return
    const child = this.#children.get(first) ?? new Tree()
    this.#children.set(first, child)
    child.add(rest)
  }

  /** What stands there; empty where nothing does. */
  at(...path: readonly string[]): Tree {
    const [first, ...rest] = path
    if (first === undefined) return this
    return (this.#children.get(first) ?? new Tree()).at(...rest)
  }

  below(...path: readonly string[]): (readonly [string, Tree])[] {
    return [...this.at(...path).#children]
  }

  values(...path: readonly string[]): string[] {
    return this.below(...path).map(([word]) => word)
  }

  value(...path: readonly string[]): string | undefined {
    return this.values(...path).at(-1)
  }

  has(...path: readonly string[]): boolean {
    const [first, ...rest] = path
    if (first === undefined) return true
    return this.#children.get(first)?.has(...rest) ?? false
  }
}

function treeOf(text: string): Tree {
  const tree = new Tree()
  for (const line of text.split('\n')) {
    const [set, ...words] = [...line.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word)
    if (set === 'set') tree.add(words)
  }
  return tree
}

function chainText(name: string, head: string | undefined, rules: readonly string[]): string {
  const lines = [...(head === undefined ? [] : [head]), ...rules]
  return `\tchain ${name} {\n${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n`
}

function statePolicyOf(policy: Tree): string[] {
  return ['established', 'invalid', 'related'].flatMap((state) => {
    const action = policy.value(state, 'action')
    return action === undefined ? [] : [`ct state ${state} ${action}`]
  })
}

interface Based {
  readonly groups: Tree
  readonly isPoliced: boolean
}

function baseOf(chain: Tree, { groups, isPoliced }: Based): string[] {
  return [
    ...(isPoliced ? ['jump state-policy'] : []),
    ...rulesOf(chain, groups),
    chain.value('default-action') ?? 'accept',
  ]
}

/** A set drops what it says nothing of. */
function setOf(set: Tree, groups: Tree): string[] {
  const rest = set.value('default-action') ?? 'drop'
  return [...rulesOf(set, groups), rest === 'jump' ? `jump name-${set.value('default-jump-target')}` : rest]
}

function rulesOf(set: Tree, groups: Tree): string[] {
  return set
    .below('rule')
    .filter(([, rule]) => !rule.has('disable'))
    .sort(([one], [other]) => Number(one) - Number(other))
    .map(([, rule]) => ruleOf(rule, groups))
}

function ruleOf(rule: Tree, groups: Tree): string {
  const action = rule.value('action') ?? ''
  const verdict = action === 'jump' ? `jump name-${rule.value('jump-target')}` : action
  return [...conditionsOf(rule, groups), verdict].join(' ')
}

function conditionsOf(rule: Tree, groups: Tree): string[] {
  const nat = rule.value('connection-status', 'nat')
  return [
    ...(rule.has('state') ? [`ct state { ${rule.values('state').join(', ')} }`] : []),
    ...(nat === undefined ? [] : [`ct status ${nat === 'destination' ? 'dnat' : 'snat'}`]),
    ...protocolOf(rule.value('protocol')),
    ...sideOf(rule.at('source'), 's', groups),
    ...sideOf(rule.at('destination'), 'd', groups),
    ...interfacesOf(rule.at('inbound-interface'), 'iifname', groups),
    ...interfacesOf(rule.at('outbound-interface'), 'oifname', groups),
    ...ipsecOf(rule.at('ipsec')),
    ...(rule.value('icmp', 'type-name') === 'echo-request' ? ['icmp type echo-request'] : []),
  ]
}

function protocolOf(word: string | undefined): string[] {
  if (word === undefined || word === 'all') return []
  const { not, name } = signed(word)
  return [`meta l4proto ${not}${name === 'tcp_udp' ? '{ tcp, udp }' : name}`]
}

function signed(word: string): { readonly not: string; readonly name: string } {
  return word.startsWith('!') ? { not: '!= ', name: word.slice(1) } : { not: '', name: word }
}

function sideOf(side: Tree, letter: 's' | 'd', groups: Tree): string[] {
  const address = side.value('address')
  const port = side.value('port')
  const named = ['address', 'network'].flatMap((kind) => {
    const group = side.value('group', `${kind}-group`)
    if (group === undefined) return []
    const { not, name } = signed(group)
    return [`ip ${letter}addr ${not}{ ${groups.values(`${kind}-group`, name, kind).join(', ')} }`]
  })
  const portGroup = side.value('group', 'port-group')
  return [
    ...(address === undefined ? [] : [`ip ${letter}addr ${signed(address).not}${signed(address).name}`]),
    ...named,
    ...(port === undefined ? [] : [`th ${letter}port { ${port.replaceAll(',', ', ')} }`]),
    ...(portGroup === undefined
      ? []
      : [
          `th ${letter}port ${signed(portGroup).not}{ ${groups.values('port-group', signed(portGroup).name, 'port').join(', ')} }`,
        ]),
  ]
}

function interfacesOf(side: Tree, word: string, groups: Tree): string[] {
  const name = side.value('name')
  const group = side.value('group')
  return [
    ...(name === undefined ? [] : [`${word} ${signed(name).not}"${signed(name).name}"`]),
    ...(group === undefined
      ? []
      : [`${word} ${signed(group).not}${quoted(groups.values('interface-group', signed(group).name, 'interface'))}`]),
  ]
}

function quoted(names: readonly string[]): string {
  return `{ ${names.map((name) => `"${name}"`).join(', ')} }`
}

/** VyOS 1.4 asks how a packet came in; 1.5 says which way it means. */
function ipsecOf(ipsec: Tree): string[] {
  const meanings = [
    [['match-ipsec', 'match-ipsec-in'], 'meta ipsec exists'],
    [['match-none', 'match-none-in'], 'meta ipsec missing'],
    [['match-ipsec-out'], 'rt ipsec exists'],
    [['match-none-out'], 'rt ipsec missing'],
  ] as const
  return meanings.flatMap(([words, meaning]) => (words.some((word) => ipsec.has(word)) ? [meaning] : []))
}

interface Zone {
  readonly name: string
  readonly tree: Tree
  readonly members: readonly string[]
  readonly isLocal: boolean
}

function zonesOf(firewall: Tree): string[] {
  const zones = firewall.below('zone').map(
    ([name, tree]): Zone => ({
      name,
      tree,
      members: [...tree.values('interface'), ...tree.values('member', 'interface')],
      isLocal: tree.has('local-zone'),
    }),
  )
  if (zones.length === 0) return []
  const others = zones.filter(({ isLocal }) => !isLocal)
  const local = zones.find(({ isLocal }) => isLocal)
  const forward = others.map(({ name, members }) => `oifname ${quoted(members)} jump zone-${name}`)
  return [
    ...others.map((zone) => chainText(`zone-${zone.name}`, undefined, [...within(zone), ...intoZone(zone, others)])),
    ...(local
      ? [
          chainText('zone-local-in', undefined, ['iifname "lo" return', ...intoZone(local, others)]),
          chainText('zone-local-out', undefined, outOf(local, others)),
        ]
      : []),
    ...zoneBase('forward', forward),
    ...zoneBase('input', local ? ['jump zone-local-in'] : []),
    ...zoneBase('output', local ? ['jump zone-local-out'] : []),
  ]
}

function zoneBase(hook: string, rules: readonly string[]): string[] {
  const head = `type filter hook ${hook} priority 1; policy accept;`
  return [chainText(`zones-${hook}`, head, ['jump state-policy', ...rules])]
}

function within({ tree, members }: Zone): string[] {
  const action = tree.value('intra-zone-filtering', 'action')
  const set = tree.value('intra-zone-filtering', 'firewall', 'name')
  const own = `iifname ${quoted(members)}`
  if (set !== undefined) return [`${own} jump name-${set}`, `${own} return`]
  return [`${own} ${action === 'drop' ? 'drop' : 'return'}`]
}

function intoZone(zone: Zone, others: readonly Zone[]): string[] {
  const pairs = others.flatMap(({ name, members }) =>
    pair(zone.tree.value('from', name, 'firewall', 'name'), 'iifname', members),
  )
  return [...pairs, zone.tree.value('default-action') ?? 'drop']
}

function outOf(local: Zone, others: readonly Zone[]): string[] {
  const pairs = others.flatMap(({ tree, members }) =>
    pair(tree.value('from', local.name, 'firewall', 'name'), 'oifname', members),
  )
  return ['oifname "lo" return', ...pairs, local.tree.value('default-action') ?? 'drop']
}

function pair(set: string | undefined, word: string, members: readonly string[]): string[] {
  if (set === undefined) return []
  return [`${word} ${quoted(members)} jump name-${set}`, `${word} ${quoted(members)} return`]
}
