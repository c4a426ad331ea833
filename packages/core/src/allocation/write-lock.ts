import type { SiteName } from '../network/names.ts'
import {
  type Lock,
  type LockEntry,
  type LockedInterface,
  type LockedNumber,
  type PeerList,
  pairText,
  tunnelText,
} from './lock.ts'

const heading = `# Written by natplan: which translated prefix each subnet has. Commit it; natplan keeps to it.
version: 1`

/**
 * The text of a lock: sorted, one fact a line, so that a change is a small diff and additions on two branches merge.
 * Every value is a number, a prefix or a site name, which YAML takes as plain text, but for names that are words of YAML. A colon
 * inside an IPv6 address has no blank behind it.
 */
export function writeLock(lock: Lock): string {
  const lines = [heading, 'sites:']
  eachSite(lock.entries.values(), lines, (entry) => entryLines(entry))
  if (lock.entries.size === 0) lines.push('  {}')
  if (lock.released.size > 0)
    lines.push('# Left the plan; not handed out again until "natplan release SITE PREFIX".', 'released:')
  eachSite(lock.released.values(), lines, ({ real, translated }) => [`    ${real}: ${translated}`])
  lines.push(...numberLines(lock.numbers.values()), ...interfaceLines(lock.interfaces.values()))
  return `${lines.join('\n')}\n`
}

function eachSite<T extends { readonly site: string }>(
  items: Iterable<T>,
  lines: string[],
  linesOf: (item: T) => readonly string[],
): void {
  let site: string | undefined
  for (const item of items) {
    if (item.site !== site) lines.push(`  ${nameText(item.site)}:`)
    site = item.site
    lines.push(...linesOf(item))
  }
}

function entryLines({ real, translated, hiddenBehind, translatedFor, realFor }: LockEntry): string[] {
  const facts = [
    ...(translated ? [`      translated: ${translated}`] : []),
    ...(hiddenBehind ? [`      hiddenBehind: ${hiddenBehind}`] : []),
    ...listLines('translatedFor', translatedFor),
    ...listLines('realFor', realFor),
  ]
  return facts.length === 0 ? [`    ${real}: {}`] : [`    ${real}:`, ...facts]
}

function listLines(key: string, peers: PeerList): string[] {
  if (peers === 'all') return [`      ${key}: all`]
  return peers.length === 0 ? [] : [`      ${key}:`, ...peers.map((peer) => `        - ${nameText(peer)}`)]
}

/** What YAML 1.1 or 1.2 takes for a truth value or for nothing. */
const yamlWords = /^(null|true|false|yes|no|on|off|y|n)$/i

function nameText(name: string): string {
  return yamlWords.test(name) ? `"${name}"` : name
}

function numberLines(numbers: Iterable<LockedNumber>): string[] {
  const lines: string[] = []
  let last: LockedNumber | undefined
  for (const one of numbers) {
    if (!last)
      lines.push(
        "# NAT rule and selector numbers: by gateway, then peer, then its own subnet and the peer's.",
        'numbers:',
      )
    if (one.site !== last?.site) lines.push(`  ${nameText(one.site)}:`)
    if (one.site !== last?.site || one.peer !== last.peer) lines.push(`    ${nameText(one.peer)}:`)
    lines.push(`      ${pairText(one)}: ${one.number}`)
    last = one
  }
  return lines
}

function interfaceLines(interfaces: Iterable<LockedInterface>): string[] {
  const lines: string[] = []
  let last: SiteName | undefined
  for (const { site, number, ...tunnel } of interfaces) {
    if (last === undefined) lines.push('# Virtual interfaces: by gateway, then peer.', 'interfaces:')
    if (site !== last) lines.push(`  ${nameText(site)}:`)
    lines.push(`    ${nameText(tunnelText(tunnel))}: ${number}`)
    last = site
  }
  return lines
}
