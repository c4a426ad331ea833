import { abilities, type GatewayPolicy, Prefix } from '@natplan/core'
import { hostIn, kindOf } from './surroundings.ts'

/** The text of one gateway, and what it was made of. */
interface Whole {
  readonly text: string
  readonly policy: GatewayPolicy
  /** One of several, by a number that the seed gives. */
  readonly pick: <T>(all: readonly T[]) => T | undefined
}

/** Breaks a text in one way; `undefined` where it has nothing of the kind, or where packets arrive all the same. */
export type Breaking = (whole: Whole) => string | undefined

/** A rule, selector or tunnel of the text, by its lines. */
function isOf(platform: GatewayPolicy['platform']) {
  const linux = {
    rule: / [sd]nat ip prefix to /,
    selector: /^\s*(local|remote)_ts = /,
    route: /^never$/,
    identity: /^\s*id = /,
    encryption: /^\s*proposals = /,
    key: /^\s*secret = /,
    version: /^\s*version = /,
    remote: /^\s*remote_addrs = /,
  }
  const family = {
    rule: /^set (service )?nat .*rule \d+ (translation|source|destination|inside-address|outside-address) ?.*address /,
    selector: /^set .*vpn ipsec site-to-site peer \S+ tunnel \d+ (local|remote) /,
    route: /^set protocols static interface-route/,
    identity: /^set .*peer \S+ authentication (id|local-id|remote-id) /,
    encryption: /^set .*ike-group \S+ proposal \d+ encryption /,
    key: /pre-shared-secret '?abc|secret '?abc/,
    version: /(key-exchange|ike-version) /,
    remote: /^set .*peer \S+ remote-address /,
  }
  return platform === 'linux' ? linux : family
}

const prefixes = /(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?)(?![\d./])/g

function linesWith({ text, policy }: Whole, kind: keyof ReturnType<typeof isOf>): string[] {
  const exempt = new Set(exemptNumbers(policy))
  return text.split('\n').filter((line) => {
    const number = /rule (\d+) /.exec(line)?.[1]
    return isOf(policy.platform)[kind].test(line) && !(number && exempt.has(number)) && !isOntoItself(line)
  })
}

function exemptNumbers({ nat }: GatewayPolicy): string[] {
  return nat.filter(({ action }) => action.kind === 'exempt').map(({ number }) => String(number))
}

function isOntoItself(line: string): boolean {
  const [, from, to] = /map \{ (\S+) : (\S+) \}/.exec(line) ?? []
  return from !== undefined && from === to
}

function replaced(
  { text, pick }: Whole,
  lines: readonly string[],
  change: (line: string) => string,
): string | undefined {
  const line = pick(lines)
  if (line === undefined) return undefined
  const changed = change(line)
  return changed === line ? undefined : text.replace(line, () => changed)
}

/** The neighbour of a prefix, of the same length. */
function neighbour(text: string): string {
  const prefix = Prefix.parse(text.includes('/') ? text : `${text}/32`)
  const size = 2 ** (32 - prefix.length)
  const bits = Number(prefix.bits)
  const other = Prefix.fromBits(Math.floor(bits / size) % 2 === 0 ? bits + size : bits - size, prefix.length)
  return text.includes('/') ? String(other) : String(other.first)
}

function withOneChanged({ pick }: Whole, line: string, change: (prefix: string) => string): string {
  const found = pick([...line.replace(/comment ".*"/, '').matchAll(prefixes)])
  if (!found) return line
  return line.slice(0, found.index) + change(found[0]) + line.slice(found.index + found[0].length)
}

const making = /((?:translation address|(?:inside|outside)-address address) '?|map \{ \S+ : )([\d./]+)/

/** The prefix that a rule makes of another. */
function madeBy(line: string): string | undefined {
  return making.exec(line)?.[2]
}

function withMade(line: string, prefix: string): string {
  return line.replace(making, (_, before: string) => `${before}${prefix}`)
}

function narrower(text: string): string {
  const [address, length = '32'] = text.split('/')
  return Number(length) > 30 ? text : `${address}/${Number(length) + 1}`
}

/** Rules for subnets of the site: what stands beyond a cable is for those of a peer. */
function translated({ nat, interfaces }: GatewayPolicy) {
  const beyond = interfaces.filter(({ kind, vrf }) => kind === 'cable' && vrf !== undefined).map(({ name }) => name)
  return nat.filter(({ action, interface: name }) => action.kind === 'map' && !beyond.includes(name ?? ''))
}

/**
 * Remote prefixes towards which the site's own are translated, without those that another selector carries from the gateway's own network as it
 * is: for that one the daemon has a route in a table that is asked before the main one (table 220), and it takes the translated packets along.
 * In the kernel they arrive whatever the main table says, so no route there breaks anything.
 */
function remotesBehindNat({ policy }: Whole): Prefix[] {
  const sources = translated(policy).filter(({ direction }) => direction === 'source')
  const isMade = (local: Prefix) =>
    sources.some(({ action }) =>
      action.kind === 'map' ? action.to.equals(local) : action.kind === 'pool' && local.contains(action.first),
    )
  const kept = policy.tunnels
    .filter(({ through }) => through?.kind !== 'route')
    .flatMap(({ selectors }) => selectors.filter(({ local }) => !isMade(local)))
  return sources.flatMap(({ destination }) =>
    destination && !kept.some(({ remote }) => remote.contains(destination)) ? [destination] : [],
  )
}

function ipv4Remotes({ policy }: Whole): Prefix[] {
  return policy.tunnels
    .flatMap(({ selectors }) => selectors.map(({ remote }) => remote))
    .filter(({ family }) => family === 4)
}

function outsideOf({ interfaces, outside }: GatewayPolicy): string {
  return interfaces[0]?.name ?? outside.interface
}

/** Where packets of the first tunnel come out. */
function enteringBy({ tunnels, outside }: GatewayPolicy): string {
  const through = tunnels[0]?.through
  return through?.kind === 'route' ? through.interface : outside.interface
}

/** Selectors that say something: of those for everything a part or the neighbour may do as well. */
function narrowSelectors(whole: Whole): string[] {
  return linesWith(whole, 'selector').filter((line) => !line.includes('0.0.0.0/0'))
}

/**
 * Without its only selectors a virtual interface takes everything, which the peer narrows to its own (RFC 7296, 2.9): packets arrive as before.
 */
function leavesEverything({ text }: Whole, line: string): boolean {
  const peer = /^(set .* peer \S+ )tunnel \d+ /.exec(line)?.[1]
  const numbers = [...text.matchAll(/^(set .* peer \S+ )tunnel (\d+) /gm)].filter(([, one]) => one === peer)
  return peer !== undefined && text.includes(`${peer}vti bind`) && new Set(numbers.map(([, , one]) => one)).size === 1
}

/** What a route into an interface is for. */
function routed(line: string): string {
  return /interface-route (\S+)/.exec(line)?.[1] ?? ''
}

function added({ text }: Whole, lines: string): string {
  return `${lines}\n${text}\n`
}

/** The words of an interface in a rule. */
function onInterface({ platform }: GatewayPolicy, side: 'inbound' | 'outbound', name: string): string {
  return platform === 'vyos-1.4' || platform === 'vyos-1.5'
    ? `${side}-interface name ${name}`
    : `${side}-interface ${name}`
}

function rule(policy: GatewayPolicy, direction: 'source' | 'destination', lines: readonly string[]): string {
  const start =
    { edgeos: 'service nat', 'vyatta-5600': `service nat ${direction}` }[policy.platform as string] ??
    `nat ${direction}`
  return lines.map((line) => `set ${start} rule 1 ${line}`).join('\n')
}

export const breakings: Readonly<Record<string, Breaking>> = {
  'a rule is gone': (whole) => {
    const line = whole.pick(linesWith(whole, 'rule'))
    const number = /^(set .*rule \d+ )/.exec(line ?? '')?.[1]
    if (line === undefined) return undefined
    return whole.text
      .split('\n')
      .filter((one) => (number === undefined ? one !== line : !one.startsWith(number)))
      .join('\n')
  },
  'a rule does nothing': (whole) => {
    const lines = linesWith(whole, 'rule').filter((line) =>
      /translation address|inside-address|outside-address/.test(line),
    )
    return replaced(whole, lines, () => '')
  },
  'a prefix of a rule is the next one': (whole) =>
    replaced(whole, linesWith(whole, 'rule'), (line) => withOneChanged(whole, line, neighbour)),
  'a prefix of a rule is narrower': (whole) =>
    replaced(whole, linesWith(whole, 'rule'), (line) => withOneChanged(whole, line, narrower)),
  'what two rules make is swapped': (whole) => {
    const lines = linesWith(whole, 'rule').filter((line) => madeBy(line) !== undefined)
    const one = whole.pick(lines)
    const other = whole.pick(lines.filter((line) => madeBy(line) !== madeBy(one ?? '')))
    const [first = '', second = ''] = [madeBy(one ?? ''), madeBy(other ?? '')]
    if (one === undefined || other === undefined) return undefined
    return whole.text.replace(one, withMade(one, second)).replace(other, withMade(other, first))
  },
  'a selector is gone': (whole) => {
    const line = whole.pick(linesWith(whole, 'selector').filter((one) => !leavesEverything(whole, one)))
    const start = /^(set .* tunnel \d+ )/.exec(line ?? '')?.[1]
    if (line === undefined) return undefined
    return whole.text
      .split('\n')
      .filter((one) => (start === undefined ? one !== line : !one.startsWith(start)))
      .join('\n')
  },
  'a selector is the next one': (whole) =>
    replaced(whole, narrowSelectors(whole), (line) => withOneChanged(whole, line, neighbour)),
  'a selector is narrower': (whole) =>
    replaced(whole, narrowSelectors(whole), (line) => withOneChanged(whole, line, narrower)),
  'a half of a route is gone': (whole) => {
    const remotes = remotesBehindNat(whole)
    const isForNat = (line: string) => {
      const prefix = Prefix.tryParse(routed(line))
      return prefix !== undefined && remotes.some((remote) => remote.contains(prefix))
    }
    // What is not translated needs no route: the selector takes it wherever it leaves. The route into a second tunnel takes over from the first.
    const routes = linesWith(whole, 'route')
    const isAlone = (line: string) => routes.filter((one) => routed(one) === routed(line)).length === 1
    return replaced(whole, routes.filter(isForNat).filter(isAlone), () => '')
  },
  'a key': (whole) => replaced(whole, linesWith(whole, 'key'), (line) => line.replace('abc', 'xyz')),
  'an identity': (whole) =>
    replaced(whole, linesWith(whole, 'identity'), (line) => line.replace(/(id(?: =)? "?'?)/, '$1x')),
  'a proposal': (whole) =>
    replaced(whole, linesWith(whole, 'encryption'), (line) =>
      line.replace(/(encryption '?)\S*?('?)$|(proposals = )\S+/, (_, a, b, c) =>
        c ? `${c}3des-sha1-modp1024` : `${a}3des${b}`,
      ),
    ),
  'a version': (whole) =>
    replaced(whole, linesWith(whole, 'version'), (line) =>
      /1'?$/.test(line) ? line.replace(/1('?)$/, '2$1') : line.replace(/2('?)$/, '1$1'),
    ),
  'the address of a peer': (whole) =>
    replaced(whole, linesWith(whole, 'remote'), (line) => line.replace(prefixes, '192.0.2.77')),
  'a masquerade in front': (whole) => {
    const { policy } = whole
    const out = outsideOf(policy)
    if (!policy.nat.some(({ direction }) => direction === 'source')) return undefined
    if (policy.platform === 'linux')
      return added(
        whole,
        `table ip others {\n\tchain post {\n\t\ttype nat hook postrouting priority 80; policy accept;\n\t\toifname "${out}" masquerade\n\t}\n}`,
      )
    if (policy.platform === 'edgeos')
      return added(whole, rule(policy, 'source', ['type masquerade', `outbound-interface ${out}`]))
    return added(
      whole,
      rule(policy, 'source', [onInterface(policy, 'outbound', out), 'translation address masquerade']),
    )
  },
  'a port forward in front': (whole) => {
    const { policy } = whole
    const name = outsideOf(policy)
    if (ipv4Remotes(whole).length === 0) return undefined
    if (policy.platform === 'linux')
      return added(
        whole,
        `table ip others {\n\tchain pre {\n\t\ttype nat hook prerouting priority -120; policy accept;\n\t\tiifname "${name}" tcp dport 443 dnat to 10.99.0.5\n\t}\n}`,
      )
    const shared = [onInterface(policy, 'inbound', name), 'protocol tcp', 'destination port 443']
    if (policy.platform === 'edgeos')
      return added(
        whole,
        rule(policy, 'destination', ['type destination', ...shared, 'inside-address address 10.99.0.5']),
      )
    return added(whole, rule(policy, 'destination', [...shared, 'translation address 10.99.0.5']))
  },
  'a static translation in front': (whole) => {
    const { policy, pick } = whole
    const own = pick(
      translated(policy).flatMap(({ direction, action, interface: name }) =>
        direction === 'source' && action.kind === 'map' ? [{ to: action.to, name }] : [],
      ),
    )
    if (!own || !['vyos-1.4', 'vyos-1.5'].includes(policy.platform)) return undefined
    return added(
      whole,
      [
        `destination address ${own.to}`,
        `inbound-interface ${own.name ?? policy.outside.interface}`,
        `translation address 10.99.0.0/${own.to.length}`,
      ]
        .map((line) => `set nat static rule 1 ${line}`)
        .join('\n'),
    )
  },
  'a route into nothing': (whole) => {
    const remote = whole.pick(remotesBehindNat(whole))
    if (!remote || remote.length > 30) return undefined
    const host = `${hostIn(remote, 3, 32)}`
    return added(
      whole,
      whole.policy.platform === 'linux' ? `blackhole ${host}` : `set protocols static route ${host} blackhole`,
    )
  },
  'a route to the inside': (whole) => {
    const { policy, pick, text } = whole
    const remote = pick(remotesBehindNat(whole))
    const inside = new RegExp(`${policy.inside?.interface} .*?(\\d+\\.\\d+\\.\\d+)\\.\\d+/(?!3)`).exec(text)?.[1]
    if (!remote || remote.length > 30 || inside === undefined || abilities[policy.platform].sourceRulesEverywhere)
      return undefined
    const host = hostIn(remote, 3, 32)
    if (policy.platform === 'linux') return added(whole, `${host} via ${inside}.14 dev ${policy.inside?.interface}`)
    return added(whole, `set protocols static route ${host} next-hop ${inside}.14`)
  },
  'what the peer has is inside': (whole) => {
    // Behind a cable the real addresses of a peer may be those of hosts here as well.
    if (whole.policy.interfaces.some(({ kind }) => kind === 'cable')) return undefined
    const remote = whole.pick(ipv4Remotes(whole))
    const name = whole.policy.inside?.interface
    if (!remote || name === undefined || remote.length > 30) return undefined
    if (whole.policy.platform === 'linux')
      return added(whole, `9: ${name}    inet ${hostIn(remote)} scope global ${name}`)
    return added(whole, `set interfaces ${kindOf(name)} ${name} address ${hostIn(remote)}`)
  },
  'a rule that nobody can read': (whole) => {
    const { policy } = whole
    if (!policy.nat.some(({ direction }) => direction === 'source')) return undefined
    if (policy.platform === 'linux')
      return added(
        whole,
        'table ip others {\n\tchain post {\n\t\ttype nat hook postrouting priority 80; policy accept;\n\t\tfrobnicate 7 snat to 192.0.2.7\n\t}\n}',
      )
    return added(whole, rule(policy, 'source', ['frobnicate 7']))
  },
  'a filter': (whole) => {
    const { policy } = whole
    const name = enteringBy(policy)
    switch (policy.platform) {
      case 'linux':
        return added(
          whole,
          'table inet others {\n\tchain forward {\n\t\ttype filter hook forward priority 0; policy accept;\n\t\tct state new drop\n\t}\n}',
        )
      case 'vyos-1.5':
      case 'vyos-1.4':
        return added(
          whole,
          ['ipv4', 'ipv6'].map((family) => answersOnly(`set firewall ${family} forward filter`)).join('\n'),
        )
      case 'vyatta-5600':
        return added(
          whole,
          `set security firewall name X rule 1 action drop\nset security firewall name X rule 1 protocol tcp\nset interfaces ${kindOf(name)} ${name} firewall in X`,
        )
      default:
        return added(
          whole,
          ['name', 'ipv6-name']
            .flatMap((list) => [
              `set firewall ${list} X default-action drop`,
              `set firewall ${list} X rule 1 action accept`,
              `set firewall ${list} X rule 1 protocol udp`,
              `set interfaces ${kindOf(name)} ${name} firewall in ${list} X`,
            ])
            .join('\n'),
        )
    }
  },
}

function answersOnly(set: string): string {
  return `${set} default-action drop\n${set} rule 1 action accept\n${set} rule 1 state established`
}
