import { NatplanError } from '@natplan/core'

/**
 * What keeps prefixes apart, so that those of different spaces never collide: VRFs, or whatever a column or key says. With `only`, one
 * space alone is looked at; an empty text is the one of everything that names none.
 */
export interface SpaceKey {
  readonly key: string
  readonly only: string | undefined
}

/** Reads `vrf`, `tenant`, `vrf=blue`. */
export function parseSpaceKey(text: string): SpaceKey {
  const equals = text.indexOf('=')
  const key = (equals < 0 ? text : text.slice(0, equals)).trim()
  if (key === '') throw new NatplanError('USAGE', '--by says what keeps prefixes apart, such as vrf or tenant')
  return { key, only: equals < 0 ? undefined : (spaceNamed(text.slice(equals + 1), key) ?? '') }
}

/** Reports whether a column or a key says the space; VRFs have names of their own in every export. */
export function saysSpace(called: string, key: string): boolean {
  return rankOf(called, key) !== undefined
}

/** The columns that say the space, the surest one first. */
export function spaceColumns(header: readonly string[], key: string): readonly number[] {
  const ranked = header.flatMap((called, column) => {
    const rank = rankOf(called, key)
    return rank === undefined ? [] : [{ column, rank }]
  })
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ column }) => column)
}

/** How surely a name means the key; the smaller the better. */
export function rankOf(called: string, key: string): number | undefined {
  const name = called.trim().toLowerCase().replace(/^ea-/, '')
  if (name === key.toLowerCase()) return 0
  if (!isVrf(key)) return undefined
  const form = vrfForms.findIndex((one) => one.test(name))
  return form < 0 ? undefined : form + 1
}

/** What exports call a VRF, by name rather than by number. */
const vrfForms = [
  /^(vrf[ _-]?name([ _-]out)?|l3vpn|vpn[ _-]?instance|routing[ _-]?instance)$/,
  /^network[ _-]?view$/,
  /^vrf[ _-]?id$/,
]

export function isVrf(key: string): boolean {
  return key.toLowerCase() === 'vrf'
}

/** What may be in any space. */
export const notKnown = '(not known)'

/**
 * The space that a text names; `undefined` for none, as for the VRF that devices and exports call global or default. A text that names
 * several VRFs does not say in which one.
 */
export function spaceNamed(text: string, key: string): string | undefined {
  const name = text.trim()
  if (!isVrf(key)) return name === '' ? undefined : name
  if (/[,;|\n]/.test(name)) return notKnown
  const bare = name.replace(routeDistinguisher, '')
  return globalNames.test(bare) ? undefined : bare
}

/** NetBox shows `blue (65000:1)`. */
const routeDistinguisher = /\s+\((?:[0-9]+|(?:[0-9]+\.){3}[0-9]+):[0-9]+\)$/
const globalNames = /^(|-+|\/|0|null|none|no-?vrf|global|default|main|master|public|_public_)$/i

/** What people read of a space. */
export function spaceText(name: string | undefined, key: string): string {
  if (name !== undefined) return name
  return isVrf(key) ? '(global)' : '(none)'
}
