// The page that says what of a gateway is followed, as far as possible out of the tables that its readers go by.
import { dispositions, type Hook, type Platform, protocolNames, protocolNumber, type Stage } from '@natplan/core'
import { status } from '../packages/cli/src/terminal/status.ts'
import { strangerNames } from '../packages/templates/src/looks-like.ts'
import { platformModules } from '../packages/templates/src/platforms/all.ts'
import { absentHeaders, plainModules } from '../packages/templates/src/platforms/linux/netfilter/iptables-options.ts'
import { otherTargets, passing } from '../packages/templates/src/platforms/linux/netfilter/iptables-targets.ts'
import { firstWords, type Member } from '../packages/templates/src/vyatta/member-trees.ts'
import { packetTrees, touchedBy } from '../packages/templates/src/vyatta/packet-trees.ts'
import { interfaceKinds } from '../packages/templates/src/vyatta/read-interfaces.ts'
import { learned, learnedIpv6 } from '../packages/templates/src/vyatta/read-routes.ts'

const members = Object.keys(firstWords) as Member[]

function code(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ')
}

const statuses: Readonly<Record<keyof typeof status, string>> = {
  good: '`verify`: everything is *proven*; `trace`: packet and answer arrive',
  findings: 'something is wrong, and the finding or the ending says what',
  notKnown: 'what was not read, not given or not followed could decide; the lines are named',
  usage: 'the command line or a file on it cannot be used, or a text is not a configuration',
  bug: 'a bug in natplan',
}

function statusRows(): string {
  const rows = Object.entries(status) as [keyof typeof status, number][]
  return rows
    .sort(([, a], [, b]) => a - b)
    .map(([name, number]) => `| ${number} | ${statuses[name]} |`)
    .join('\n')
}

const hooks: Readonly<Record<Hook, string>> = {
  prerouting: 'as they come in',
  input: 'for the gateway itself',
  forward: 'as they pass',
  output: 'from the gateway itself',
  postrouting: 'as they leave',
}

const selectors = {
  note: 'the selectors are checked',
  again: 'the selectors are checked again for packets that source NAT changed',
  take: 'the selectors take packets',
  virtual: 'the selectors of a virtual interface take packets, or drop them',
} as const

function stageWords(stage: Stage): string {
  switch (stage.kind) {
    case 'filters':
      return `filters of packets ${hooks[stage.hook]}`
    case 'translate':
      return `${stage.side} NAT`
    case 'route':
      return 'routing'
    case 'arrivals':
      return 'packets in clear that a tunnel should have brought are dropped'
    case 'selectors':
      return selectors[stage.how]
  }
}

/** Some have filters of one hook before and behind something else. */
function stageRows(): string {
  const orders = new Map<string, Platform[]>()
  for (const { platform, readDevice } of platformModules) {
    if (!readDevice) continue
    const order = readDevice('').device.order.map(stageWords).join(' → ')
    orders.set(order, [...(orders.get(order) ?? []), platform])
  }
  return [...orders].map(([order, platforms]) => `| ${code(platforms)} | ${order} |`).join('\n')
}

const touches = {
  read: 'read and followed; anything inside that is not understood is named, with what it could do',
  nat: 'not read: could translate packets',
  filters: 'not read: could drop packets',
  routes: 'not read: could send packets elsewhere',
  tunnels: 'not read: could take packets',
  anything: 'not read: could do anything to packets',
  nothing: 'apart from what the table above follows, touch no packet of a tunnel',
} as const

/** The trees below one path are one entry. */
function treesThat(kind: keyof typeof touches): string {
  const places = new Map<string, string[]>()
  const paths = packetTrees()
    .filter(({ touches: what }) => what === kind)
    .flatMap(({ above, paths: below }) => below.flatMap((path) => eachPath(above === '' ? path : `${above} ${path}`)))
  for (const path of paths.filter((one) => isSomewhere(one, kind))) {
    const words = path.split(' ')
    const above = words.slice(0, -1).join(' ')
    places.set(above, [...new Set([...(places.get(above) ?? []), words.at(-1) ?? ''])])
  }
  return [...joined(places)].map(([words, above]) => shownPlace(above, words)).join('; ')
}

/** Words with `|` between them as paths of their own. */
function eachPath(path: string): string[] {
  const start: string[][] = [[]]
  return path
    .split(' ')
    .reduce((paths, step) => step.split('|').flatMap((word) => paths.map((one) => [...one, word])), start)
    .map((words) => words.join(' '))
}

/** Places that have the same words are named together. */
function joined(places: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const [above, words] of places) {
    const key = words.join(' ')
    groups.set(key, [...(groups.get(key) ?? []), above])
  }
  return groups
}

function shownPlace(places: readonly string[], words: string): string {
  const [first = ''] = places
  const list = code(words.split(' '))
  if (first === '') return list
  return places.length > 3 ? `below each interface with neighbours: ${list}` : `below ${code(places)}: ${list}`
}

function isSomewhere(path: string, kind: keyof typeof touches): boolean {
  return members.some((member) => touchedBy(path.split(' '), member) === kind)
}

function treeRows(): string {
  const kinds = Object.keys(touches) as (keyof typeof touches)[]
  return kinds
    .map((kind) => [treesThat(kind), touches[kind]] as const)
    .filter(([trees]) => trees !== '')
    .map(([trees, meaning]) => `| ${meaning} | ${trees.replaceAll('|', '\\|')} |`)
    .join('\n')
}

function memberRows(): string {
  return members.map((member) => `| \`${member}\` | ${code([...firstWords[member]].sort())} |`).join('\n')
}

function interfaceRows(): string {
  const of = (kind: string) => code(Object.keys(interfaceKinds).filter((name) => interfaceKinds[name] === kind))
  return [
    `| ${of('virtual')} | lead into the tunnels that are bound to them |`,
    '| `virtual-ethernet` whose `peer-name` is here and names it back, both outside bridges and namespaces | be the two ends of a virtual cable inside the gateway: a next hop at the other end leads across, and the packet passes the gateway once more, with NAT, filters and the routes of the VRF there |',
    `| otherwise ${of('far')} | lead to a far end that no configuration describes: what happens there is not known |`,
    `| ${of('loopback')} | have addresses and nothing behind them |`,
    '| all others | have neighbours |',
  ].join('\n')
}

function protocols(): string {
  return protocolNames.map((name) => `\`${name}\` ${protocolNumber(name)}`).join(', ')
}

export function followedReference(madeBy: string): string {
  const good = Object.entries(dispositions).filter(([, { isGood }]) => isGood)
  return `# What is followed

${madeBy}

\`natplan verify\`, \`trace\`, \`diff\` and \`--existing\` read a gateway's [configuration](configurations.md), whoever wrote it, into one model of a device. This page says which parts
are followed, which are recognised but leave the answer open, and which touch no packet. Anything on none of these lists is never ignored: it leaves the answer open.

## Three answers

- *Proven* (\`verify\`): every packet that is meant to arrive does, and its answer too, for all addresses, all protocols and ports that some rule matches, and both directions. No line that was not
  understood could change that. If a rule, route or tunnel was only partly understood, only those packets that could meet it are left open.
- *Delivered* (\`trace\`): the same for one packet. ${good.map(([name, { title }]) => `\`${name}\` (${title})`).join(' and ')} are good; all endings are in [Dispositions](dispositions.md).
- *Not known*: something that was not read, not given or not followed could decide. The result names each line, with its file, and what it could do. If packets are lost whatever such lines do, the result says that.

| exit status | meaning |
| --- | --- |
${statusRows()}

## The path of a packet

| platforms | what happens, in this order |
| --- | --- |
${stageRows()}

For NAT, the first list that translates decides, and within a list the first rule that matches the packet; an exemption ends only its own list. Connection tracking translates answers. For routes, the longest prefix
counts, then the lowest distance; if several routes of the same distance lead to different places, it is open which one is used.

## Vyatta family

| what | followed | leaves the answer open |
| --- | --- | --- |
| NAT | \`source\`, \`destination\` and \`static\` rules, masquerade, pools, prefixes, \`exclude\`, ports, groups, negations, patterns of interfaces; \`port-forward\` with hairpin; rules for packets of the VPN | balancing among several targets, CGNAT, words of a rule that are not understood (the rule stays at its number) |
| tunnels | policy-based and route-based peers, several selectors, protocols and ports of a selector, VTI, virtual feature points, peers with a name or any address, keys by digest | certificates and public keys are followed and not compared; words that are not understood make their own tunnel doubtful |
| addresses | of interfaces, VLANs, PPPoE, VRRP and clusters | DHCP and the like: equal to nothing and different from nothing |
| routes | static ones with distances, several hops, blackholes, tables, VRFs and routing instances; what the IKE daemon installs | protocols that learn routes: ${code([...learned, ...learnedIpv6])}, until [\`--routes\`](verify.md#the-routes-that-a-gateway-shows) shows what they brought; failover routes |
| steering | \`policy route\`, \`policy local-route\`, \`firewall modify\` by address, port, protocol and interface; balancing among uplinks for packets that it excludes | which uplink a balancer chooses; what packets do not show (times, limits, marks) |
| filters | chains and sets with their jumps, sets of interfaces, zones, policies by state, what EdgeOS accepts by itself, sessions and pinholes of the 5600; by address, port, protocol, interface, state, translation, IPsec, TCP flags, ICMP type, groups; \`policy route\` and \`firewall modify\` that drop; sets that are bound nowhere, and filters that accept everything, touch nothing | conditions that packets do not show (limits, times, names, marks, countries); rules with a word that is not understood (they keep their action, and may take a packet or not); \`queue\`, \`synproxy\`, \`notrack\`; limits of the 5600 (\`police\`, \`parameter\`, \`action-group\`, applications), and whether its \`local\` sets see ESP; bridge frames, reverse-path checks |

| interfaces | are taken to |
| --- | --- |
${interfaceRows()}

Configuration trees, from the reader's own table (\`*\` is any one word; the longest path that matches a line decides; a line that matches none could do anything):

| what becomes of them | trees |
| --- | --- |
${treeRows()}

The first words that each member of the family has; a line with any other could do anything:

| platform | first words |
| --- | --- |
${memberRows()}

## Linux

| what | followed | leaves the answer open |
| --- | --- | --- |
| nftables, iptables | chains of all hooks with their priorities and policies, jumps, sets and maps, ipset; \`snat\`, \`dnat\`, \`masquerade\`, prefixes one to one, NETMAP, SNAT, DNAT, MASQUERADE, ACCEPT, RETURN. Filters as they let pass and drop: by address, port, protocol, ICMP type, TCP flags, interface, state, what NAT changed, whether packets came or leave encrypted, address types | marks, limits, counts, times, random choice, reverse-path checks (\`fib\`, \`rpfilter\`), sets that rules fill, \`queue\`, \`tproxy\`, chains of \`netdev\` that drop, statements that are not understood |
| matches of iptables | ${code(plainModules)}; no packet meets ${code(absentHeaders)} | all others |
| targets of iptables | the packet goes on after ${code(passing)} | ${code(otherTargets.filter((target) => target !== ''))} |
| strongSwan | swanctl.conf, ipsec.conf and their secrets: pass and drop children, priorities, marks, XFRM and VTI interfaces, ports of selectors, \`install_routes\`, the plugin bypass-lan for all interfaces | \`updown\` scripts except strongSwan's own, other plugins with their own policies, peers with names |
| \`ip\` | addresses, links, VRFs, cables (veth) with both ends here, routes of all tables, rules by address and interface, policies | virtual cables unless rules show that VRFs come before the gateway's own addresses (\`ip rule\`: \`local\` behind \`l3mdev\`), routes that a VRF lacks without \`l3mdev unreachable\`, ends in other namespaces, \`throw\`, \`tos\`, encapsulating routes, rules by mark and the like |
| \`sysctl\` | settings that touch no packet | those that stop forwarding or enable reverse-path checks |

## Words

Protocols are compared by number, 0 to 255; by name: ${protocols()}. Diffie-Hellman groups and ciphers are recognised by the words of the device and of strongSwan, in all spellings (\`aes128gcm16\` is \`aes128gcm128\`, \`curve25519\` is
group 31). An offer with a word that is not known leaves open whether two ends can agree.

## What is not covered

- Anything between the gateways and behind them, except nodes whose routes are given.
- What a gateway sends itself.
- Translation of IPv6 (\`nat66\`, \`nat64\`, NPTv6).
- Limits: where rules or selectors divide packets into more parts than natplan looks at, the answer is *not known* and a finding reports it.

## What is refused

With exit status ${status.usage} and what it looks like: ${strangerNames.join(', ')}; a text that begins or ends in the middle of a block; one without any configuration.
`
}
