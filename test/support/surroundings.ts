import {
  type Gateway,
  knownAddress,
  type Platform,
  type Prefix,
  type Subnet,
  type TunnelPolicy,
  textOf,
} from '@natplan/core'

type Outer = Pick<TunnelPolicy, 'interface' | 'local' | 'remote'>

/**
 * What a running gateway shows beside natplan's lines: the addresses of its interfaces, the way to the internet, and the routes over further uplinks
 * that a plan leaves to people (UPLINK_ROUTE_BY_HAND).
 */
export function surroundingsOf(
  gateway: Gateway,
  subnets: readonly Pick<Subnet, 'prefix'>[],
  tunnels: readonly Outer[] = [],
): string {
  const { outside, inside, uplinks } = gateway
  const own = subnets.filter(({ prefix }) => prefix.bits !== prefix.lastBits)
  const addresses = own.map(({ prefix }) => [inside?.interface ?? '', hostIn(prefix)] as const)
  const address = String(knownAddress(outside.address) ?? '203.0.113.77')
  const isDynamic = outside.address.kind === 'dynamic' && gateway.platform !== 'linux'
  const uplink = [outside.interface, isDynamic ? 'dhcp' : `${address}/24`] as const
  const next = address.replace(/\d+$/, '1')
  const further = [...uplinks.values()].map(
    (one) => [one.interface, `${String(knownAddress(one.address))}/24`] as const,
  )
  return `${placed(gateway, [uplink, ...further, ...addresses], next)}${routesByHand(gateway, tunnels)}`
}

/** To the peer, or by source where another tunnel goes to the same address. */
function routesByHand({ platform, uplinks }: Gateway, tunnels: readonly Outer[]): string {
  return tunnels
    .flatMap((tunnel, at): string[] => {
      const uplink = [...uplinks.values()].find((one) => one.interface === tunnel.interface)
      if (!uplink || tunnel.remote.address.kind !== 'known') return []
      const [own, peer] = [textOf(tunnel.local.address), textOf(tunnel.remote.address)]
      const isAlone = tunnels.filter(({ remote }) => textOf(remote.address) === peer).length === 1
      if (isAlone && uplink.nextHop) return []
      const way = { name: uplink.interface, next: own.replace(/\d+$/, '1') }
      return isAlone ? [routeTo(platform, peer, way)] : routesFrom(platform, own, { ...way, table: String(50 + at) })
    })
    .map((line) => `${line}\n`)
    .join('')
}

interface Way {
  readonly name: string
  readonly next: string
}

function routeTo(platform: Platform, peer: string, { name, next }: Way): string {
  return platform === 'linux'
    ? `${peer} via ${next} dev ${name}`
    : `set protocols static route ${peer}/32 next-hop ${next}`
}

function routesFrom(
  platform: Platform,
  own: string,
  { name, next, table }: Way & { readonly table: string },
): string[] {
  return platform === 'linux'
    ? [`32765: from ${own} lookup ${table}`, `default via ${next} dev ${name} table ${table}`]
    : [
        `set policy local-route rule ${table} source address ${own}`,
        `set policy local-route rule ${table} set table ${table}`,
        `set protocols static table ${table} route 0.0.0.0/0 next-hop ${next}`,
      ]
}

/** The first host of a prefix, as an interface has it. */
export function hostIn(prefix: Prefix, host = 1, length = prefix.length): string {
  const first = String(prefix.first)
  return `${first.endsWith(':') ? `${first}${host}` : first.replace(/\d+$/, (last) => String(Number(last) + host))}/${length}`
}

function placed(
  { platform }: Gateway,
  addresses: readonly (readonly [name: string, address: string])[],
  next: string,
): string {
  if (platform === 'linux') {
    const lines = addresses.map(
      ([name, address], index) =>
        `${index + 2}: ${name}    ${address.includes(':') ? 'inet6' : 'inet'} ${address} scope global ${name}`,
    )
    return `${lines.join('\n')}\ndefault via ${next} dev ${addresses[0]?.[0]}\n`
  }
  const lines = addresses.map(([name, address]) => `set interfaces ${kindOf(name)} ${name} address ${address}`)
  return `${lines.join('\n')}\nset protocols static route 0.0.0.0/0 next-hop ${next}\n`
}

/** The word of the tree in which an interface stands. */
export function kindOf(name: string): string {
  if (/bond/.test(name)) return 'bonding'
  return name.startsWith('dp') ? 'dataplane' : 'ethernet'
}
