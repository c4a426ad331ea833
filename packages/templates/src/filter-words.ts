import { type FilterPlace, type Passage, type Prefix, protocolName } from '@natplan/core'

type Named = Pick<FilterPlace, 'way' | 'in' | 'out'> & {
  readonly position: Exclude<FilterPlace['position'], 'between'>
}

/** How a platform calls the places of its filters; `undefined` where it has none. */
export type FilterWords = (place: Named) => string | undefined

/** How a place is called, on the gateway or in front of it. */
export function placeWords(words: FilterWords, { position, way, in: from, out: to }: FilterPlace): string | undefined {
  if (position === 'between') return 'in front of the NAT before this gateway'
  return words({ position, way, in: from, out: to })
}

/** Both sides of a gateway in the words of filters. */
export function sidesOf({ way, in: from, out: to }: Named): { readonly from: string; readonly to: string } {
  const [near, far] = ['the inside', "the tunnel's interface"]
  return { from: from ?? (way === 'in' ? far : near), to: to ?? (way === 'in' ? near : far) }
}

/** Of the packets of one row, for people. */
export function packetWords({ protocol, ports }: Passage): string {
  if (protocol === undefined) return 'everything'
  const name = protocolName(protocol).toUpperCase()
  return ports.length > 0 ? `${name} ${ports.join(', ')}` : `${name} (${protocol})`
}

/** A single address is shown without its length. */
export function endWords(prefix: Prefix): string {
  return prefix.bits === prefix.lastBits ? String(prefix.first) : String(prefix)
}
