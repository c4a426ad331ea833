import type { Unread, Written } from '../../device/device.ts'
import { type Finding, inConfig } from '../../finding.ts'
import type { WorldSite } from '../../world/world.ts'
import { findingAt, type Subject } from '../subject.ts'

/** So many lines are shown; the rest is counted. */
const shownLines = 5

/** Everything that stands in the configuration is part of the proof. */
export function everythingIsUnderstood({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => leftOut(site, 'the proof'))
}

/** What a proof or a trace leaves out at a site: lines that are not understood, and filters that are not followed. */
export function leftOut(site: WorldSite, by: 'the proof' | 'the trace'): Finding[] {
  const filters = filterLines(site)
  const others = site.device.unread.filter(({ touches }) => touches !== 'filters')
  return [...filtersOf(site, filters), ...linesOf(site, others, by)]
}

/** The filters that are not followed, where a line is one of them: what to look at, and where the others are. */
export function filtersAt(site: WorldSite, at: Partial<Written>): Pick<Finding, 'hint' | 'related'> | undefined {
  const lines = filterLines(site)
  const fileOf = ({ file = site.device.file }: Partial<Written>) => file
  const others = lines.filter((one) => one.line !== at.line || fileOf(one) !== fileOf(at))
  if (others.length === lines.length) return undefined
  return { hint: filterHint, ...(others.length > 0 ? { related: relatedOf(site, others) } : {}) }
}

function filterLines({ device: { unread } }: WorldSite): readonly Unread[] {
  return unread.filter(({ touches }) => touches === 'filters')
}

const filterHint =
  'look whether they accept IKE (UDP 500 and 4500), ESP, and the packets between the prefixes of the tunnels'

function linesOf(site: WorldSite, lines: readonly Unread[], by: string): Finding[] {
  const [first] = lines
  if (!first) return []
  const count = lines.length === 1 ? 'a line' : `${lines.length} lines`
  return [
    findingAt('PROOF_INCOMPLETE', {
      site,
      at: first,
      message: `${by} leaves out ${count} of ${site.name} that natplan does not understand`,
      hint: 'check by hand what they do to packets of the tunnels',
      related: relatedOf(site, lines),
    }),
  ]
}

function filtersOf(site: WorldSite, lines: readonly Unread[]): Finding[] {
  const [first] = lines
  if (!first) return []
  const numbers = lines.slice(0, shownLines).map(({ line }) => line)
  const more = lines.length > shownLines ? ` and ${lines.length - shownLines} more` : ''
  const where = `${lines.length === 1 ? 'line' : 'lines'} ${numbers.join(', ')}${more}`
  return [
    findingAt('FILTER_NOT_FOLLOWED', {
      site,
      at: first,
      message: `${site.name} filters packets, and natplan does not follow its filters yet: ${where} may drop packets of the tunnels`,
      hint: filterHint,
      related: relatedOf(site, lines),
    }),
  ]
}

function relatedOf({ device: { file } }: WorldSite, lines: readonly Unread[]): NonNullable<Finding['related']> {
  return lines.slice(0, shownLines).map((one) => ({ place: inConfig(one.line, one.file ?? file), message: one.text }))
}
