import type { Address } from './address.ts'

/** An address as somebody names it. All but the first are not known: equal to nothing and different from nothing. */
export type NamedAddress =
  | { readonly kind: 'known'; readonly address: Address }
  /** `any`, 0.0.0.0, a missing line. */
  | { readonly kind: 'any' }
  /** Whatever an interface gets. */
  | { readonly kind: 'dynamic'; readonly interface: string | undefined }
  | { readonly kind: 'host'; readonly name: string }

export function knownAddress(named: NamedAddress | undefined): Address | undefined {
  return named?.kind === 'known' ? named.address : undefined
}

/** Those that are known of several, each once. */
export function knownOf(all: readonly NamedAddress[]): Address[] {
  const known = all.flatMap((named) => knownAddress(named) ?? [])
  return [...new Map(known.map((address) => [address.toString(), address])).values()]
}

/** For people. */
export function textOf(named: NamedAddress): string {
  switch (named.kind) {
    case 'known':
      return named.address.toString()
    case 'any':
      return 'any address'
    case 'dynamic':
      return named.interface === undefined ? 'whatever address it gets' : `whatever address ${named.interface} gets`
    case 'host':
      return named.name
  }
}

/** Reports whether two names are of one address; with two that change nothing says otherwise. */
export function isSameName(one: NamedAddress, other: NamedAddress): boolean {
  if (one.kind === 'known' && other.kind === 'known') return one.address.equals(other.address)
  return one.kind === other.kind && textOf(one) === textOf(other)
}
