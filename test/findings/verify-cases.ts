import { type Code, type Finding, Prefix, type RuleAction, type RuleList, verify } from '@natplan/core'
import { flowsOfSelectors } from '../../packages/core/src/verify/intended-flows.ts'
import { breakNamed } from '../verify/breaks.ts'
import { acceptanceTexts, brokenTexts } from '../verify/configurations.ts'
import {
  type Asked,
  type Changes,
  child,
  gateways,
  goodRules,
  interfaceOf,
  listOf,
  mapTo,
  masquerade,
  real,
  restartLines,
  routeOf,
  ruleOf,
  via,
} from '../verify/gateways.ts'
import { mirrored, untranslated } from '../verify/rows.ts'

interface VerifyCase {
  readonly files: Readonly<Record<string, string>>
  readonly args: readonly string[]
  readonly status: number
}

interface LibraryCase {
  readonly library: () => readonly Finding[]
}

/** Two good devices, but for what is changed. */
function devices(a: Changes, b: Changes = {}): LibraryCase {
  return { library: () => verify(gateways(a, b)).findings }
}

/** What the plan says is what the selectors say; a rule of a accepts more. */
function wider(): readonly Finding[] {
  const rules = [
    ruleOf(5, { in: 'eth0' }, accept),
    ruleOf(10, { arrived: 'encrypted', destination: '10.0.0.0/8' }, accept),
  ]
  const world = gateways({ lists: [...goodLists, listOf('filter', rules, { fallback: 'drop' })] })
  return verify(world, { flows: flowsOfSelectors(world) }).findings
}

restartLines()

const goodLists = [listOf('destination-nat', [goodRules.destination]), listOf('source-nat', [goodRules.source])]

const accept: RuleAction = { kind: 'accept' }

const vti = interfaceOf('vti0', undefined, { kind: 'virtual' })

/** A tunnel behind an interface into which routes lead; nothing is translated. */
function routedTunnel(...prefixes: readonly string[]): Changes {
  return {
    source: [],
    destination: [],
    children: [child('0.0.0.0/0', '0.0.0.0/0', { through: { kind: 'route', interface: 'vti0' } })],
    routes: [
      { prefix: '0.0.0.0/0', to: via('192.0.2.254') },
      ...prefixes.map((prefix) => ({ prefix, to: { kind: 'interface', interface: 'vti0' } as const })),
    ].map(({ prefix, to }) => ({ table: 'main', prefix: Prefix.parse(prefix), to, distance: 1, line: undefined })),
  }
}

/** A list that drops some of the packets that are for the gateway itself. */
function ownFilter(hook: 'input' | 'output', asked: Asked): RuleList {
  return listOf('filter', [ruleOf(10, asked, { kind: 'drop' })], { hook, name: 'WAN_LOCAL' })
}

/** Two gateways that are given to the command; one of them is broken in a way that `test/verify` names. */
function broken(why: string, status = 1): VerifyCase {
  return verifying(brokenTexts(breakNamed(why)), status)
}

function verifying(texts: ReturnType<typeof acceptanceTexts>, status: number): VerifyCase {
  const entries = [...texts]
  return {
    files: Object.fromEntries(entries.map(([site, { text }]) => [`${site}.txt`, text])),
    args: ['verify', ...entries.map(([site, { platform }]) => `${site}:${platform}=${site}.txt`)],
    status,
  }
}

/** The same two, with a node whose routes lack the peer. */
function withNode(): VerifyCase {
  const { files, args } = verifying(acceptanceTexts('vyos-1.4'), 1)
  const routes = [
    'default via 198.51.100.1 dev eth1',
    '10.0.0.0/8 via 10.0.1.1 dev eth0',
    '10.0.1.0/27 dev eth0 proto kernel scope link src 10.0.1.5',
  ]
  return {
    files: { ...files, 'nodes.txt': `${routes.join('\n')}\n` },
    args: [...args, '--routes', 'cloud=nodes.txt'],
    status: 1,
  }
}

export const verifyCases = {
  ADDRESSES_DIFFER: broken('the address of the peer'),
  VERSIONS_DIFFER: broken('IKE versions'),
  IKE_PROPOSALS_DIFFER: broken('no IKE proposal in common'),
  ESP_PROPOSALS_DIFFER: broken('no ESP proposal in common'),
  PFS_DIFFERS: broken('perfect forward secrecy'),
  IDENTITIES_DIFFER: broken('the local identity'),
  KEYS_DIFFER: broken('the key'),
  KEYS_FOR_OTHERS: broken('a key for others'),
  LIFETIMES_DIFFER: broken('lifetimes', 0),
  PEER_UNREACHABLE: broken('no way to the peer'),
  PEER_TUNNEL_MISSING: broken('a second tunnel to the peer, which has one'),
  PEER_UNKNOWN: broken('a second tunnel with a part of the same prefixes'),
  SELECTOR_NOT_MIRRORED: broken('a selector that is narrower than its mirror'),
  SELECTOR_DUPLICATE: broken('a selector that is there twice'),
  SELECTOR_OVERLAP: broken('a second tunnel with a part of the same prefixes'),
  SELECTOR_MEETS_ITSELF: broken('local and remote overlap on a platform that lets nothing pass'),
  SELECTOR_UNBACKED: broken('a selector that the peer lacks'),
  NAT_NOT_ONE_TO_ONE: broken('real and translated prefix differ in length'),
  NAT_UNSELECTED: broken('source NAT to something that no selector holds'),
  NAT_HALF: broken('no destination rule'),
  NAT_SHADOWED: broken('a masquerade in front'),
  NAT_PARTLY_SHADOWED: broken('an exclusion in front for some hosts'),
  NAT_RULE_DEAD: broken('a rule for the internet that is never reached', 0),
  NAT_INTERFACE_WRONG: broken('a source rule on the inside'),
  GATEWAY_ROUTE_MISSING: broken('a route for one half'),
  ROUTE_DIVERTS: broken('a static route into nothing for what it sees'),
  REMOTE_OCCUPIED: broken('a network of the site where it sees the peer'),
  TRANSLATED_OCCUPIED: broken('a network of the site where peers see it', 0),
  REMOTE_ROUTED_INSIDE: broken('a summary route to a router inside that holds what it sees', 0),
  NODE_ROUTE_MISSING: withNode(),
  MSS_MISSING: broken('no segment size', 0),
  MSS_TOO_LARGE: broken('a segment size that does not fit', 0),
  PROOF_INCOMPLETE: broken('a line that is not understood', 3),
  FLOW_WRONG_PEER: broken('a second tunnel with a part of the same prefixes'),
  FLOW_TRANSLATED_TWICE: broken('a source rule towards the hosts as well'),
  FLOW_NOT_ONE_TO_ONE: broken('real and translated prefix differ in length'),
  FLOW_STAYS_LOCAL: broken('a network of the site where it sees the peer, and a source rule for the uplink only'),
  FLOW_DEFAULT_ROUTE: withNode(),
  FLOW_REVERSE_PATH: withNode(),
  FLOW_NO_ROUTE: broken('a static route into nothing for what it sees'),
  FLOW_NO_SELECTOR: broken('a source rule on a real interface'),
  FLOW_UNENCRYPTED: broken('no source rule'),
  FLOW_REFUSED: broken('a selector that is narrower than its mirror'),
  FLOW_TUNNEL_DOWN: broken('an end that waits for the other'),
  FLOW_NOT_TRANSLATED: broken('no destination rule'),
  // One half of the network is routed back to where its packets come from.
  FLOW_LOOPS: devices(
    {
      ...routedTunnel('10.2.0.0/24'),
      interfaces: [interfaceOf('eth0', '10.1.0.1/24'), interfaceOf('eth1', '192.0.2.1/24'), vti],
    },
    {
      ...routedTunnel('10.1.0.0/24', '10.2.0.0/25'),
      interfaces: [interfaceOf('eth0', '10.2.0.1/24'), interfaceOf('eth1', '192.0.2.2/24'), vti],
      site: { subnets: [Prefix.parse('10.2.0.0/24')] },
    },
  ),
  AUTHENTICATION_DIFFERS: devices({ tunnel: { authentication: 'certificate' } }),
  NEGOTIATION_NOT_KNOWN: devices({ tunnel: { ike: [], isWhole: false } }),
  SELECTOR_TAKES_LOCAL: devices({
    source: [],
    destination: [],
    children: [child(real, '10.0.0.0/8'), child(real, real, { kind: 'pass' })],
    site: { otherNetworks: [Prefix.parse('10.3.0.0/24')] },
  }),
  NAT_ONE_WAY: devices({
    children: [child('172.29.41.89/32', '192.168.2.0/24')],
    source: [ruleOf(10, { source: real, destination: '192.168.2.0/24', out: 'eth1' }, mapTo('172.29.41.89/32'))],
    destination: [],
  }),
  NAT_HIDES_PEERS: devices({ ...untranslated([ruleOf(10, { out: 'eth0' }, masquerade)]) }, { ...mirrored }),
  NAT_CATCHES_TUNNEL: devices({
    destination: [
      ruleOf(5, { in: 'eth1', protocol: 6, destinationPort: 443 }, mapTo('10.1.0.10/32')),
      goodRules.destination,
    ],
  }),
  NAT_TARGET_MISSING: devices({
    source: [],
    destination: [
      ruleOf(10, { source: '192.168.2.0/24', destination: '192.168.1.0/24', in: 'eth1' }, mapTo('10.99.0.0/24')),
    ],
  }),
  FILTER_NOT_FOLLOWED: devices({
    source: [
      ruleOf(10, { out: 'eth1' }, { kind: 'unknown' }, { doubt: { line: 7, what: 'rule 10 load-balance' } }),
      goodRules.source,
    ],
    destination: [
      ruleOf(10, { in: 'eth1' }, { kind: 'unknown' }, { doubt: { line: 9, what: 'rule 10 load-balance' } }),
      goodRules.destination,
    ],
    unread: [{ line: 30, text: 'set firewall ipv4 forward filter', touches: 'filters', isPlaced: false }],
  }),
  PROOF_BOUNDED: { library: () => verify(gateways(), { mostClasses: 1 }).findings },
  FAILOVER_UNSAFE: devices({
    interfaces: [
      interfaceOf('eth0', '10.1.0.1/24'),
      interfaceOf('eth1', '192.0.2.1/24'),
      interfaceOf('eth2', '198.51.100.2/30'),
    ],
    routes: [routeOf('0.0.0.0/0', via('192.0.2.254')), routeOf('0.0.0.0/0', via('198.51.100.1'), { distance: 200 })],
    site: { sides: { uplinks: ['eth1', 'eth2'], inside: 'eth0' } },
  }),
  FLOW_NOT_KNOWN: devices({
    source: [
      ruleOf(10, { out: 'eth1' }, { kind: 'unknown' }, { doubt: { line: 7, what: 'rule 10 load-balance' } }),
      goodRules.source,
    ],
  }),
  FLOW_FILTERED: devices({
    lists: [
      listOf('destination-nat', [goodRules.destination]),
      listOf('source-nat', [goodRules.source, ruleOf(9000, { out: 'eth1' }, masquerade)]),
      listOf('filter', [ruleOf(1, { destination: '192.168.2.0/25' }, { kind: 'drop' })]),
    ],
  }),
  FLOW_PARTLY_FILTERED: devices({
    lists: [
      ...goodLists,
      listOf('filter', [ruleOf(10, { protocol: 6, destinationPort: 22, in: 'eth1' }, { kind: 'drop' })]),
    ],
  }),
  FILTER_ADMITS_CLEAR: devices({
    lists: [
      ...goodLists,
      listOf('filter', [ruleOf(5, { in: 'eth0' }, accept), ruleOf(10, { source: '192.168.2.0/24' }, accept)], {
        fallback: 'drop',
      }),
    ],
  }),
  FILTER_SHADOWED: devices({
    lists: [
      ...goodLists,
      listOf('filter', [ruleOf(10, {}, accept), ruleOf(20, { source: '192.168.2.0/25' }, { kind: 'drop' })]),
    ],
  }),
  FILTER_WIDER_THAN_PLAN: { library: wider },
  FILTER_DROPS_RELATED: devices({
    lists: [
      ...goodLists,
      listOf('filter', [ruleOf(10, { states: ['new', 'established'] }, accept)], { fallback: 'drop' }),
    ],
  }),
  TUNNEL_ONE_SIDED: devices(
    {
      tunnel: { start: 'initiate' },
      lists: [...goodLists, ownFilter('input', { protocol: 17, states: ['new'] })],
    },
    { tunnel: { start: 'initiate' } },
  ),
  FLOW_IKE_BLOCKED: devices({ lists: [...goodLists, ownFilter('input', { protocol: 17, destinationPort: 500 })] }),
  FLOW_ESP_BLOCKED: devices({ lists: [...goodLists, ownFilter('input', { protocol: 50 })] }),
  FLOW_ANOTHER_HOST: devices({
    destination: [
      ruleOf(5, { in: 'eth1', protocol: 6, destinationPort: 443 }, mapTo('10.1.0.10/32')),
      goodRules.destination,
    ],
  }),
  // A host of the peer is called by an address of the site's own network, and nobody answers for it.
  FLOW_UNANSWERED: devices(
    {
      children: [child('192.168.1.0/24', '10.1.0.250/32')],
      source: [ruleOf(1000, { source: real, destination: '10.1.0.250/32', out: 'eth1' }, mapTo('192.168.1.0/24'))],
      destination: [ruleOf(1000, { source: '10.1.0.250/32', destination: '192.168.1.0/24', in: 'eth1' }, mapTo(real))],
      routes: [
        routeOf('0.0.0.0/0', via('192.0.2.254')),
        routeOf('10.1.0.250/32', { kind: 'interface', interface: 'eth1' }),
      ],
      proxyArp: { entries: [], isWhole: true },
    },
    {
      children: [child('10.1.0.250/32', '192.168.1.0/24')],
      source: [
        ruleOf(1000, { source: '10.1.0.20/32', destination: '192.168.1.0/24', out: 'eth1' }, mapTo('10.1.0.250/32')),
      ],
      destination: [
        ruleOf(1000, { source: '192.168.1.0/24', destination: '10.1.0.250/32', in: 'eth1' }, mapTo('10.1.0.20/32')),
      ],
      interfaces: [interfaceOf('eth0', '10.1.0.17/29'), interfaceOf('eth1', '192.0.2.2/24')],
      site: { subnets: [Prefix.parse('10.1.0.20/32')] },
    },
  ),
} as const satisfies Partial<Record<Code, VerifyCase | LibraryCase>>
