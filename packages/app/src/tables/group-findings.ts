import type { Finding } from '@natplan/core'

/** One finding, and others that say the same of other sites. */
export interface FindingGroup {
  readonly first: Finding
  readonly others: readonly Finding[]
}

/** So many that say the same are shown one by one. */
const shownApart = 3

/**
 * Joins findings that differ in nothing but whose they are: one row for what 400 sites have in common. In the order of the first of each.
 */
export function groupFindings(findings: readonly Finding[]): FindingGroup[] {
  const names = namesIn(findings)
  const groups = new Map<string, Finding[]>()
  for (const finding of findings) {
    const key = whatItSays(finding, names)
    const group = groups.get(key)
    if (group) group.push(finding)
    else groups.set(key, [finding])
  }
  return [...groups.values()].flatMap((group) => {
    const [first, ...others] = group
    if (!first) return []
    return others.length < shownApart ? group.map((one) => ({ first: one, others: [] })) : [{ first, others }]
  })
}

/** The names of all sites and peers that findings are about. */
function namesIn(findings: readonly Finding[]): ReadonlySet<string> {
  return new Set(
    findings.flatMap(({ about, place }) => {
      const [kind, name] = place.path
      const ofPath = kind === 'sites' && typeof name === 'string' ? [name] : []
      return [about?.site, about?.peer, ...ofPath].flatMap((one) => one ?? [])
    }),
  )
}

/** A finding without names, numbers and addresses. */
function whatItSays({ code, severity, message, hint = '' }: Finding, names: ReadonlySet<string>): string {
  const plain = `${message}\n${hint}`.replace(/[A-Za-z0-9_.:/-]+/g, (word) => {
    const bare = word.replace(/[.:]$/, '')
    return names.has(bare) || /\d/.test(bare) ? '·' : word
  })
  return `${severity} ${code} ${plain}`
}
