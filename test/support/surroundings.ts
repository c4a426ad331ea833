import { type Gateway, knownAddress, type Prefix, type Subnet } from '@natplan/core'

/** What a running gateway shows beside natplan's lines: the addresses of both interfaces, and the way to the internet. */
export function surroundingsOf(gateway: Gateway, subnets: readonly Pick<Subnet, 'prefix'>[]): string {
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
  return placed(gateway, [uplink, ...further, ...addresses], next)
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
