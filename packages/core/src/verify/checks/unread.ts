import { type Finding, findingOf, inConfig } from '../../finding.ts'
import type { Subject } from '../subject.ts'

/** So many lines are shown; the rest is counted. */
const shownLines = 5

/** Everything that stands in the configuration is part of the proof. */
export function everythingIsUnderstood({ sites, unreadOf }: Subject): Finding[] {
  return sites.flatMap((site) => {
    const lines = unreadOf(site)
    const [first] = lines
    if (!first) return []
    const file = site.gateway.written?.file
    const count = lines.length === 1 ? 'a line' : `${lines.length} lines`
    return findingOf('PROOF_INCOMPLETE', inConfig(first.line, file), {
      message: `the proof leaves out ${count} of ${site.name} that natplan does not understand`,
      hint: 'check by hand what they do to packets of the tunnels',
      related: lines.slice(0, shownLines).map(({ line, text }) => ({ place: inConfig(line, file), message: text })),
    })
  })
}
