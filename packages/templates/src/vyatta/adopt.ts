import type { Adopted } from '../difference.ts'
import { ownDescription, type VyattaDialect } from './dialect.ts'
import { below } from './own-thing.ts'
import { readConfig } from './read-config.ts'

/** The lines that make tunnels and rules natplan's by describing them so; nothing of what they do changes. */
export function adoptVyatta(text: string, { site, tunnels, rules }: Adopted, dialect: VyattaDialect): string[] {
  const { vpnRoot, natRoot, natLists } = dialect
  const { root } = readConfig(text)
  const list = [...vpnRoot, 'site-to-site', 'peer']
  const peers = tunnels.flatMap(({ line, peer }) =>
    below(root, list)
      .filter(([, node]) => node.line === line)
      .map(([key]) => described([...list, key], `${ownDescription}${site} to ${peer}`)),
  )
  const translating = rules.flatMap(({ direction, number, description }) =>
    number === undefined
      ? []
      : [described([...natRoot, ...(natLists === 'one' ? [] : [direction]), 'rule', String(number)], description)],
  )
  return [...peers, ...translating]
}

/** Names of sites and prefixes need no quotes, and neither do keys that the device took. */
function described(path: readonly string[], description: string): string {
  return `set ${path.join(' ')} description '${description}'`
}
