import type { ParsedTunnel, TunnelEnd } from '@natplan/core'
import { Secret } from './secret.ts'

/**
 * The key that a configuration shows; `undefined` for one that is masked (`****`, `xxxx`), or in hexadecimal or base64, where the text
 * of two equal keys may differ.
 */
export function shownKey(text: string | undefined): Secret | undefined {
  return text === undefined || /^(\**|x+|0[xs].*)$/i.test(text) ? undefined : new Secret(text)
}

/** A key that a list holds, with the identities that it is for. */
export interface ListedKey {
  readonly identities: readonly string[]
  readonly key: Secret | undefined
}

/**
 * The key that strongSwan takes for a tunnel out of a list: the one that names the other end, then the own one; a key without
 * identities is for everybody. The first of several that are equally good.
 */
export function keyFor({ local, remote }: ParsedTunnel, listed: readonly ListedKey[]): Secret | undefined {
  const ranked = listed
    .map(({ identities, key }) => ({ key, rank: 3 * fit(remote, identities) + fit(local, identities) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
  return ranked[0]?.key
}

/** An end that says nothing about its identity has its address for one. */
function fit({ identity, address }: TunnelEnd, identities: readonly string[]): 0 | 1 | 2 {
  if (identities.includes(identity === '%any' ? address.toString() : identity)) return 2
  return identities.length === 0 || identities.includes('%any') ? 1 : 0
}
