import { type Finding, findingOf, inConfig } from '../../finding.ts'
import type { TracedSite } from '../../trace/world.ts'
import type { Subject, UnreadLine } from '../subject.ts'

/** So many lines are shown; the rest is counted. */
const shownLines = 5

/** Everything that stands in the configuration is part of the proof. */
export function everythingIsUnderstood({ sites, unreadOf }: Subject): Finding[] {
  return sites.flatMap((site) => leftOut(site, unreadOf(site), 'the proof') ?? [])
}

/** The lines of a site that a proof or a trace leaves out; `undefined` for none. */
export function leftOut(
  site: TracedSite,
  lines: readonly UnreadLine[],
  by: 'the proof' | 'the trace',
): Finding | undefined {
  const [first] = lines
  if (!first) return undefined
  const file = site.gateway.written?.file
  const count = lines.length === 1 ? 'a line' : `${lines.length} lines`
  return findingOf('PROOF_INCOMPLETE', inConfig(first.line, file), {
    message: `${by} leaves out ${count} of ${site.name} that natplan does not understand`,
    hint: 'check by hand what they do to packets of the tunnels',
    related: lines.slice(0, shownLines).map(({ line, text }) => ({ place: inConfig(line, file), message: text })),
  })
}
