import { knownAddress, textOf } from '../address/named-address.ts'
import { Prefix } from '../address/prefix.ts'
import { type Finding, findingOf, inPlan, type Path } from '../finding.ts'
import { abilities, type Bounds, type CloudBounds } from './abilities.ts'
import { cloudConnections, cloudUplinkFindings, instancesOf, named } from './cloud-uplinks.ts'
import type { Connection } from './connections.ts'
import type { GatewaySite } from './gateway-site.ts'
import { type Face, isTranslated, type SubnetPair } from './subnet-pairs.ts'
import { translatesNothing } from './tunnel-places.ts'

/** What a gateway that a cloud runs cannot hold of what it would have to do; nothing for devices. */
export function cloudFindings(
  site: GatewaySite,
  connections: readonly Connection[],
  pairs: readonly SubnetPair[],
): Finding[] {
  const { cloud } = abilities[site.gateway.platform]
  if (!cloud) return []
  const tunnels = connections.map((connection): CloudTunnel => {
    const own = pairs.filter(({ tunnel }) => tunnel === connection.name)
    return { site, cloud, connection, pairs: own }
  })
  const firsts = new Set(cloudConnections(cloud, connections).map(([first]) => first))
  const objects = tunnels.filter(({ connection }) => firsts.has(connection))
  return [
    ...tunnels.flatMap((tunnel) => checks.flatMap((check) => check(tunnel))),
    ...cloudUplinkFindings(site, cloud, connections),
    ...totals(site, cloud, objects),
  ]
}

interface CloudTunnel {
  readonly site: GatewaySite
  readonly cloud: CloudBounds
  readonly connection: Connection
  readonly pairs: readonly SubnetPair[]
}

const checks: readonly ((tunnel: CloudTunnel) => Finding[])[] = [
  translationIsPossible,
  lengthsAreEqual,
  rulesMeetEverything,
  namesAreOnePerTunnel,
  selectorsFit,
  onlyIpv4,
  linkFits,
  keysProveIt,
  identitiesAreAddresses,
  valuesFit,
]

function translationIsPossible({ site, connection, pairs }: CloudTunnel): Finding[] {
  const { translates } = abilities[site.gateway.platform]
  const isDemanded = connection.translateAt === site.name
  if (translates !== 'nothing' || isDemanded || !pairs.some(({ local }) => isTranslated(local))) return []
  return [translatesNothing(site, connection)]
}

function isAny({ form }: Connection): boolean {
  return form.mode === 'route' && form.takes === 'any'
}

function wantsRules(pairs: readonly SubnetPair[]): boolean {
  return pairs.some(({ local, remote }) => isTranslated(local) || isTranslated(remote))
}

/** A rule that hides many hosts behind few addresses is another one, and lets only one side call. */
function lengthsAreEqual({ site, connection, pairs }: CloudTunnel): Finding[] {
  if (abilities[site.gateway.platform].translates !== 'rules') return []
  const face = pairs
    .flatMap(({ local, remote }) => [local, remote])
    .find(({ inside, wire }) => inside.length !== wire.length)
  if (!face) return []
  return [
    findingOf('CLOUD_NAT_UNFIT', inPlan(connection.path), {
      message: `${named(site)} maps prefixes of one length, and ${face.called} hides behind fewer addresses`,
      hint: 'remove hideBehind, or translate that subnet at the other site',
    }),
  ]
}

/** Rules of NAT and selectors of single prefixes exclude each other. */
function rulesMeetEverything({ site, connection, pairs }: CloudTunnel): Finding[] {
  if (abilities[site.gateway.platform].translates !== 'rules' || isAny(connection) || !wantsRules(pairs)) return []
  const isRouted = connection.form.mode === 'route'
  return [
    findingOf('CLOUD_NAT_UNFIT', inPlan([...connection.path, isRouted ? 'selectors' : 'mode']), {
      message: `${named(site)} translates only on tunnels whose selectors are any to any`,
      hint: isRouted ? 'write selectors: any, or remove it' : 'write mode: route on this tunnel',
    }),
  ]
}

/** Rules are for all packets of a tunnel, whomever of those behind the peer they are for. */
function namesAreOnePerTunnel({ site, connection, pairs }: CloudTunnel): Finding[] {
  if (abilities[site.gateway.platform].translates !== 'rules') return []
  const double = [
    ...severalNames(pairs.map(({ local }) => ({ from: local.inside, to: local.wire }))),
    ...severalNames(pairs.map(({ remote }) => ({ from: remote.wire, to: remote.inside }))),
  ]
  return double.slice(0, 1).map(({ from, names }) =>
    findingOf('CLOUD_NAT_UNFIT', inPlan(connection.path), {
      message: `${named(site)} gives a prefix one other name on a tunnel, and ${from} would be ${names.join(' and ')}`,
      hint: 'write translate: always at that subnet, so that everybody calls it the same',
    }),
  )
}

function severalNames(
  names: readonly { readonly from: Prefix; readonly to: Prefix }[],
): { readonly from: string; readonly names: readonly string[] }[] {
  const byFrom = new Map<string, Set<string>>()
  for (const { from, to } of names) {
    const key = from.toString()
    byFrom.set(key, (byFrom.get(key) ?? new Set()).add(to.toString()))
  }
  return [...byFrom].flatMap(([from, all]) => (all.size > 1 ? [{ from, names: [...all] }] : []))
}

/** What its selectors say on the wire, each pair once. */
function selectorCount({ connection, pairs }: CloudTunnel): number {
  return isAny(connection) ? 1 : new Set(pairs.map(({ local, remote }) => `${local.wire} ${remote.wire}`)).size
}

function selectorsFit(tunnel: CloudTunnel): Finding[] {
  const { site, cloud, connection } = tunnel
  const count = selectorCount(tunnel)
  const most = cloud.pairs.ofTunnel
  if (most === undefined || count <= most) return []
  const isRouted = connection.form.mode === 'route'
  return [
    findingOf('CLOUD_LIMIT', inPlan([...connection.path, isRouted ? 'selectors' : 'mode']), {
      message: `${named(site)} has selectors for ${most} pair of prefixes on a tunnel, and these would be ${count}`,
      hint: isRouted ? 'write selectors: any, or remove it' : 'write mode: route on this tunnel',
    }),
  ]
}

function onlyIpv4({ site, connection, pairs }: CloudTunnel): Finding[] {
  const six = pairs.find(({ local }) => local.wire.family === 6)
  if (!six) return []
  return [
    findingOf('CLOUD_VALUE_UNFIT', inPlan(connection.path), {
      message: `${named(site)} carries IPv4 only, and ${six.local.inside} would talk to ${six.remote.inside} through it`,
      hint: `list IPv4 subnets only at ${site.name}`,
    }),
  ]
}

/** Link-local space that AWS keeps for itself. */
const keptLinks = ['169.254.0.0/30', '169.254.1.0/30', '169.254.2.0/30', '169.254.3.0/30', '169.254.4.0/30']
  .concat('169.254.5.0/30', '169.254.169.252/30')
  .map((text) => Prefix.parse(text))
const linkLocal = Prefix.parse('169.254.0.0/16')

/** The cloud takes the first address of the link for itself. */
function linkFits({ site, cloud, connection }: CloudTunnel): Finding[] {
  const { form, path, ends } = connection
  if (form.mode !== 'route' || !form.link) return []
  const say = (message: string, hint: string) => [
    findingOf('CLOUD_VALUE_UNFIT', inPlan([...path, 'link']), { message: `${named(site)} ${message}`, hint }),
  ]
  if (!cloud.hasLink) return say('has no addresses inside its tunnels', 'remove link')
  const { link } = form
  if (link.length !== 30 || !linkLocal.contains(link) || keptLinks.some((kept) => kept.equals(link))) {
    return say(`does not accept the link ${link}`, 'write a /30 of 169.254.0.0/16 such as 169.254.10.0/30')
  }
  if (ends[0] === site.name) return []
  return say('takes the first address of the link', `write sites: [${site.name}, ${ends[0]}]`)
}

function keysProveIt({ site, connection: { authentication, path } }: CloudTunnel): Finding[] {
  if (authentication.kind === 'key') return []
  return [
    findingOf('CLOUD_VALUE_UNFIT', inPlan([...path, 'authentication']), {
      message: `natplan writes tunnels of ${named(site)} with a pre-shared key only`,
      hint: 'write preSharedKey in place of authentication',
    }),
  ]
}

function identitiesAreAddresses({ site, connection }: CloudTunnel): Finding[] {
  return [site, connection.peer].flatMap(({ name, gateway }) => {
    const { identity, outside, path } = gateway
    const place = inPlan([...path, 'outside', 'address'])
    if (!knownAddress(outside.publicAddress)) {
      const message = `${named(site)} knows the ends of its tunnels by their addresses, and that of ${name} is not in the plan`
      return [findingOf('CLOUD_VALUE_UNFIT', place, { message, hint: 'write a fixed address' })]
    }
    if (identity === textOf(outside.publicAddress)) return []
    return [
      findingOf('CLOUD_VALUE_UNFIT', inPlan([...path, 'identity']), {
        message: `${named(site)} knows the ends of its tunnels by their addresses, and ${name} would be ${identity}`,
        hint: `remove identity: ${name} is ${textOf(outside.publicAddress)} then`,
      }),
    ]
  })
}

function valuesFit({ site, cloud, connection: { settings, path } }: CloudTunnel): Finding[] {
  const rows: readonly (readonly [value: number, bounds: Bounds | undefined, what: string, keys: Path])[] = [
    [settings.ikeLifetime, cloud.ikeLifetime, 'a lifetime of IKE', ['ike', 'lifetime']],
    [settings.espLifetime, cloud.espLifetime, 'a lifetime of ESP', ['esp', 'lifetime']],
    [settings.deadPeer.timeout, cloud.deadPeerTimeout, 'a dead peer timeout', ['deadPeerDetection', 'timeout']],
  ]
  return rows.flatMap(([value, bounds, what, keys]) => {
    if (!bounds || (value >= bounds.least && value <= bounds.most)) return []
    return [
      findingOf('CLOUD_VALUE_UNFIT', inPlan([...path, ...keys]), {
        message: `${named(site)} does not accept ${what} of ${value} seconds`,
        hint: `write ${bounds.least} to ${bounds.most}`,
      }),
    ]
  })
}

/** What all tunnels of a gateway are together, those of one object once. */
function totals(site: GatewaySite, cloud: CloudBounds, tunnels: readonly CloudTunnel[]): Finding[] {
  const selectors = tunnels.reduce((sum, tunnel) => sum + selectorCount(tunnel), 0)
  const rows: readonly (readonly [count: number, most: number | undefined, what: string, hint: string])[] = [
    [selectors, cloud.pairs.ofGateway, 'pairs of selectors', 'write mode: route, or join neighbouring subnets'],
    [
      ruleCount(tunnels) * instancesOf(site),
      cloud.rules,
      'rules of NAT',
      'join neighbouring subnets, or translate at the other sites',
    ],
    [routeCount(tunnels), cloud.routes, 'static routes into tunnels', 'join neighbouring subnets of the peers'],
  ]
  const canTranslate = abilities[site.gateway.platform].translates === 'rules'
  return rows.flatMap(([count, most, what, hint]) => {
    if (most === undefined || count <= most || (most === 0 && !canTranslate)) return []
    const message = `${named(site)} would need ${count} ${what}, and ${most} is the most`
    return [findingOf('CLOUD_LIMIT', inPlan(site.gateway.path), { message, hint })]
  })
}

/** A rule for a subnet of its own is shared by tunnels; one for a peer's is of one tunnel. */
function ruleCount(tunnels: readonly CloudTunnel[]): number {
  const face = ({ inside, wire }: Face) => `${inside} ${wire}`
  const own = new Set(
    tunnels.flatMap(({ pairs }) => pairs.flatMap(({ local }) => (isTranslated(local) ? face(local) : []))),
  )
  const far = tunnels.map(
    ({ pairs }) => new Set(pairs.flatMap(({ remote }) => (isTranslated(remote) ? face(remote) : []))).size,
  )
  return own.size + far.reduce((sum, count) => sum + count, 0)
}

function routeCount(tunnels: readonly CloudTunnel[]): number {
  return tunnels.reduce((sum, { pairs }) => sum + new Set(pairs.map(({ remote }) => remote.wire.toString())).size, 0)
}
