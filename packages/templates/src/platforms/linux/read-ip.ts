import { Address, Prefix } from '@natplan/core'

/** An address that a command gives to an interface. */
export interface ShownAddress {
  readonly interface: string
  readonly address: Address
  /** The network that is connected with it. */
  readonly prefix: Prefix
}

/** A line of `ip route show`. Without `via` the destinations are neighbours; without both there is no way to them. */
export interface IpRoute {
  readonly prefix: Prefix
  readonly via?: Address
  readonly interface?: string
  /** The sender's address that the route prefers. */
  readonly source?: Address
  readonly metric?: number
  /** `undefined` for the main table. */
  readonly table?: string
  /** The VRF whose table it is in, where it is named by that. */
  readonly vrf?: string
  /**
   * `nowhere`: packets are dropped; `next-table`: this table does not say (`throw`); `several`: next hops stand on the following lines; `other`: the host's own addresses, and routes that
   * are not in use since their interface is down.
   */
  readonly kind: 'unicast' | 'nowhere' | 'next-table' | 'several' | 'other'
}

/** The words in front of a destination (ip-route(8)), by what becomes of its packets. */
const kinds: ReadonlyMap<string, IpRoute['kind']> = new Map([
  ['unicast', 'unicast'],
  ['unreachable', 'nowhere'],
  ['blackhole', 'nowhere'],
  ['prohibit', 'nowhere'],
  ['throw', 'next-table'],
  ['local', 'other'],
  ['broadcast', 'other'],
  ['anycast', 'other'],
  ['multicast', 'other'],
])

/** The settings that may follow a destination at once (ip-route(8)). */
const leading = new Set([
  'via',
  'dev',
  'proto',
  'scope',
  'src',
  'metric',
  'table',
  'vrf',
  'mtu',
  'nhid',
  'encap',
  'tos',
])

/** Reads one line; `undefined` for any other text. */
export function tryParseIpRoute(line: string): IpRoute | undefined {
  const words = line.trim().split(/\s+/)
  const kind = kinds.get(words[0] ?? '')
  const [destination = '', ...rest] = kind === undefined ? words : words.slice(1)
  const settings = settingsOf(rest)
  const via = Address.tryParse(settings.get('via') ?? '')
  const prefix = destination === 'default' ? defaultOf(via, settings) : prefixOf(destination)
  if (!prefix || (settings.has('via') && !via) || !leading.has(rest[0] ?? 'via')) return undefined
  const [target, table, vrf] = [settings.get('dev'), settings.get('table'), settings.get('vrf')]
  const source = Address.tryParse(settings.get('src') ?? '')
  const metric = settings.get('metric')
  const hasTarget = via !== undefined || target !== undefined
  return {
    kind: settings.has('dead') ? 'other' : (kind ?? (hasTarget ? 'unicast' : 'several')),
    prefix,
    ...(via ? { via } : {}),
    ...(target === undefined ? {} : { interface: target }),
    ...(source ? { source } : {}),
    ...(metric === undefined ? {} : { metric: Number(metric) }),
    ...(table === undefined || table === 'main' || table === '254' ? {} : { table }),
    ...(vrf === undefined ? {} : { vrf }),
  }
}

/** One of several ways of the route above: `nexthop via 10.0.0.1 dev eth0 weight 1`. */
export function tryParseNextHop(line: string): Pick<IpRoute, 'via' | 'interface'> | undefined {
  const [first, ...rest] = line.trim().split(/\s+/)
  if (first !== 'nexthop') return undefined
  const settings = settingsOf(rest)
  const via = Address.tryParse(settings.get('via') ?? '')
  const target = settings.get('dev')
  if (!via && target === undefined) return undefined
  return { ...(via ? { via } : {}), ...(target === undefined ? {} : { interface: target }) }
}

/** `via inet6 fe80::1` has a word for the family in between. */
function settingsOf(words: readonly string[]): ReadonlyMap<string, string> {
  const pairs = words.filter((word) => word !== 'inet' && word !== 'inet6')
  return new Map(pairs.map((word, index) => [word, pairs[index + 1] ?? '']))
}

/** The word `default` does not say of which family it is: the next hop does, or what only IPv6 routes have. */
function defaultOf(via: Address | undefined, settings: ReadonlyMap<string, string>): Prefix {
  const isSix = via ? via.family === 6 : settings.has('pref')
  return Prefix.parse(isSix ? '::/0' : '0.0.0.0/0')
}

function prefixOf(text: string): Prefix | undefined {
  const address = Address.tryParse(text)
  return address ? Prefix.of(address) : Prefix.tryParse(text)
}

/** The addresses in the output of `ip address show` or `ip -o address show`, wherever it stands in a text. */
export function readIpAddresses(text: string): ShownAddress[] {
  const found: ShownAddress[] = []
  let current: string | undefined
  for (const line of text.split('\n')) {
    const [, header] = /^\d{1,9}: ([^\s:@]+)(?:@\S*)?: </.exec(line) ?? []
    current = header ?? current
    const [, oneLine, address, length] =
      /^(?:\d{1,9}: ([^\s:@]+))?\s+inet6? ([0-9a-f.:]+)(?: peer [0-9a-f.:]+)?\/(\d{1,3})\s/.exec(`${line} `) ?? []
    const target = oneLine ?? current
    const one = Address.tryParse(address ?? '')
    const prefix = one && networkOf(one, Number(length))
    if (target !== undefined && one && prefix) found.push({ interface: target, address: one, prefix })
  }
  return found
}

function networkOf(address: Address, length: number): Prefix | undefined {
  return length <= (address.family === 4 ? 32 : 128) ? Prefix.fromBits(address.bits, length) : undefined
}
