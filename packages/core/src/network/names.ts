import { NatplanError } from '../error.ts'
import { limits } from '../limits.ts'
import { quoted } from '../quoted.ts'

/** The name of a site, made only by `parseSiteName`. */
export type SiteName = string & { readonly brand: 'SiteName' }

/** What a site name may look like: it becomes part of names on routers and in Kubernetes. */
const siteNamePattern = /^[A-Za-z][A-Za-z0-9_-]{0,30}$/

/** @throws NatplanError SITE_NAME_INVALID */
export function parseSiteName(text: string): SiteName {
  if (siteNamePattern.test(text)) return text as SiteName
  throw new NatplanError('SITE_NAME_INVALID', `${quoted(text)} cannot be a site name`, {
    hint: 'a letter, then up to 30 letters, digits, "-" or "_"',
  })
}

/** The name of a host, made only by `parseHostName`. */
export type HostName = string & { readonly brand: 'HostName' }

/** Labels of RFC 1123 with dots between them, in small letters, so that no name stands there twice. */
const hostNamePattern =
  /^(?=.{1,253}$)(?!.*\.[0-9]+$|[0-9]+$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/

/** @throws NatplanError HOST_NAME_INVALID */
export function parseHostName(text: string): HostName {
  if (hostNamePattern.test(text)) return text as HostName
  const near = text.toLowerCase().replace(/\.$/, '').replaceAll('_', '-')
  throw new NatplanError('HOST_NAME_INVALID', `${quoted(text)} cannot be the name of a host`, {
    hint: hostNamePattern.test(near)
      ? `write ${near}`
      : 'letters, digits and "-" with dots between them, in small letters: db, db.example.net',
  })
}

/** @throws NatplanError HOST_NAME_INVALID */
export function parseDomain(text: string): HostName {
  if (hostNamePattern.test(text)) return text as HostName
  const near = text.toLowerCase().replace(/^\.|\.$/g, '')
  throw new NatplanError('HOST_NAME_INVALID', `${quoted(text)} cannot be the domain of hosts`, {
    hint: hostNamePattern.test(near)
      ? `write ${near}`
      : 'letters, digits and "-" with dots between them, in small letters: corp.example',
  })
}

/** Reports whether DNS can have a host of that name, as it is written here. */
export function isHostName(text: string): boolean {
  return hostNamePattern.test(text)
}

/**
 * The candidate that differs least from a word (Levenshtein distance, letters' case ignored); `undefined` when none is near, or when the
 * word is longer than any name.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > limits.guessedLetters.most) return undefined
  const wanted = word.toLowerCase()
  let best: string | undefined
  let least = Math.max(2, Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase(), least)
    if (distance < least) {
      best = candidate
      least = distance
    }
  }
  return best
}

/** The distance, or `limit` for all that is not below it: a row of which nothing is below ends the comparison. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const following = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const distance = Math.min(replaced, (row[j] ?? 0) + 1, (following[j - 1] ?? 0) + 1)
      following.push(distance)
      least = Math.min(least, distance)
    }
    if (least >= limit) return limit
    row = following
  }
  return row[b.length] ?? limit
}
