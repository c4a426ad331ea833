import type { Forward } from '@natplan/core'
import type { BookEntry } from './address-book.ts'

/** How an entry is called, for people. */
export function faceText(entry: BookEntry): string {
  const { face, real, over } = entry
  if (face.kind === 'unreachable') return `cannot be called: ${whyText(entry)}`
  const way = over === undefined ? '' : `, over ${over}`
  if (face.kind === 'forwarded') return `really ${real}; only ${portsText(face.forwards)}${way}`
  return `${face.isTranslated ? `really ${real}` : 'its real address'}${way}`
}

/** `tcp 443, tcp 2222 (22 there)` */
export function portsText(forwards: readonly Forward[]): string {
  return forwards
    .map(({ protocol, port, toPort }) => `${protocol} ${port}${toPort === port ? '' : ` (${toPort} there)`}`)
    .join(', ')
}

/** Why the site of an entry cannot call its host; empty where it can. */
export function whyText({ at, peer, real, face }: Pick<BookEntry, 'at' | 'peer' | 'real' | 'face'>): string {
  if (face.kind !== 'unreachable') return ''
  const { why } = face
  switch (why.kind) {
    case 'apart':
      return apartText(at)
    case 'family':
      return `${at} has no subnet of IPv${real.family}`
    case 'hidden':
      return `${why.subnet.prefix} hides, and no port leads to it`
    case 'reserved':
      return `no tunnel reaches ${why.reserved.prefix} (${why.reserved.kind})`
    case 'outside':
      return 'it is the outside of its gateway, which no tunnel reaches'
    case 'nowhere':
      return `${peer} has no network with ${real}`
  }
}

export function apartText(at: string): string {
  return `nothing of the plan leads there from ${at}`
}
