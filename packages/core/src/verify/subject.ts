import type { Code } from '../codes.ts'
import type { Doubt, Written } from '../device/device.ts'
import { type About, type Finding, findingOf, inConfig, inPlan, type Place, type Remark } from '../finding.ts'
import type { DoubtAt } from '../trace/step.ts'
import type { PeerEnd } from '../world/ends.ts'
import type { World, WorldSite } from '../world/world.ts'
import type { FilterDecisions } from './filter-decisions.ts'
import type { IntendedFlow } from './intended-flows.ts'
import type { LonelyEnd, TunnelPair } from './tunnel-pairs.ts'

/** What the checks look at. */
export interface Subject {
  readonly world: World
  readonly sites: readonly WorldSite[]
  readonly pairs: readonly TunnelPair[]
  /** Tunnels whose other end was not found in the world. */
  readonly lonely: readonly LonelyEnd[]
  readonly flows: readonly IntendedFlow[]
  /** The path MTU of a site's gateway in bytes. */
  readonly mtuOf: (site: WorldSite) => number
  /** Whether a plan says what is meant to arrive, and nothing else is. */
  readonly isPlanned?: boolean
  /** What filters did with the packets that are meant to arrive. */
  readonly decisions?: FilterDecisions
}

/** One concept: everything in the world that contradicts it. */
export type Check = (subject: Subject) => Finding[]

/** The line of a rule, tunnel, child or route in its configuration; for a derived device, the gateway in the plan. */
export function placeAt(
  { name, device: { file } }: Pick<WorldSite, 'name' | 'device'>,
  thing?: Partial<Written>,
): Place {
  if (file === undefined) return inPlan(['sites', name, 'gateway'])
  return inConfig(thing?.line, thing?.file ?? file)
}

interface PlacedRemark extends Remark {
  readonly site: WorldSite
  /** What stands in the configuration and is at fault. */
  readonly at?: Partial<Written> | undefined
}

/** A finding about something of a site; what it is about holds the site, the file and the line as well. */
export function findingAt(code: Code, { site, at, about, ...remark }: PlacedRemark): Finding {
  const place = placeAt(site, at)
  const where: About = {
    site: site.name,
    ...(place.file === undefined ? {} : { file: place.file }),
    ...(place.line === undefined ? {} : { line: place.line }),
  }
  return findingOf(code, place, { ...remark, about: { ...where, ...about } })
}

/** The other end of a tunnel as a place that takes part. */
export function otherEnd({ site, tunnel }: PeerEnd): NonNullable<Finding['related']>[number] {
  return { place: placeAt(site, tunnel), message: 'the other end is here' }
}

/** A check of a site that has too many parts to be finished: what it would have found is not known. */
export function tooLarge(site: WorldSite, what: string): Finding {
  return findingAt('PROOF_BOUNDED', {
    site,
    message: `${what} of ${site.name} divide their packets into more parts than natplan looks at: whether they are right is not known`,
    hint: 'join neighbouring prefixes, or replace rules that exclude addresses by rules that name them',
  })
}

/** Tells doubts apart. */
export function doubtKey({ site, doubt: { line, what } }: DoubtAt): string {
  return `${site} ${line} ${what}`
}

/** A doubt and where it is. */
export function doubtText({ line, file: shown, what }: Doubt, site: WorldSite): string {
  const file = shown ?? site.device.file
  return line === undefined || file === undefined ? what : `${file}:${line}: ${what}`
}
