import { type Accept, type Device, type Finding, findingOf, inConfig, type Plan } from '@natplan/core'

/** What is said of gateways before anybody changes them. */
export interface Judgement {
  readonly findings: readonly Finding[]
  /** The rules that their filters need for the tunnels; the findings are those that are left with these. */
  readonly accepts: readonly Accept[]
}

/** What the verifier finds in the world of a plan with these devices, by site, in place of what the plan makes of their gateways. */
export type Judge = (plan: Plan, devices: ReadonlyMap<string, Device>) => Judgement

/**
 * What `verify` would say of gateways once they have natplan's lines, as far as it is about them and the sites of the plan: its other gateways
 * are taken to do what they should, and a tunnel to somebody else is as it was before. Notes say nothing that stands against the lines.
 */
export function judgeMerged(plan: Plan, merged: ReadonlyMap<string, Device>, judge: Judge): Judgement {
  if (merged.size === 0) return { findings: [], accepts: [] }
  const files = new Set([...merged.values()].flatMap(({ file }) => file ?? []))
  const sites = new Set<string>(plan.network.sites.keys())
  const isAbout = ({ about, place }: Finding) =>
    (about?.site !== undefined && merged.has(about.site)) || (place.file !== undefined && files.has(place.file))
  const isPlanned = ({ about }: Finding) => about?.peer === undefined || sites.has(about.peer)
  const { findings, accepts } = judge(plan, merged)
  return {
    findings: findings.filter((finding) => finding.severity !== 'note' && isAbout(finding) && isPlanned(finding)),
    accepts,
  }
}

/** Tells of each gateway whose filters need rules, and what drops the packets now. */
export function neededRules(merged: ReadonlyMap<string, Device>, accepts: readonly Accept[]): Finding[] {
  return [...merged].flatMap(([site, { file }]) => {
    const own = accepts.filter((accept) => accept.site === site)
    const lines = [...new Set(own.map(({ set, before }) => before?.line ?? set.fallbackLine ?? set.line))]
    const places = lines.flatMap((line) => (line === undefined ? [] : [inConfig(line, file)]))
    if (own.length === 0) return []
    const count = own.length === 1 ? 'a rule that lets' : `${own.length} rules that let`
    return findingOf('FILTER_RULES_NEEDED', places[0] ?? inConfig(undefined, file), {
      message: `the filters of ${site} drop packets of its tunnels: ${count} them pass ${own.length === 1 ? 'is' : 'are'} among the lines`,
      hint: 'show them to whoever runs the firewall before you enter them',
      about: { site },
      ...(places.length > 1
        ? { related: places.slice(1, 6).map((place) => ({ place, message: 'this drops some of them, too' })) }
        : {}),
    })
  })
}

/** Lines that were not followed, and routes to the inside, are told once: of the former the verifier knows what each could do. */
export function withoutTwice(clashes: readonly Finding[], judged: readonly Finding[]): Finding[] {
  const lineOf = ({ place }: Finding) => `${place.file}:${place.line}`
  const told = new Set(judged.map(lineOf))
  const clashing = new Set(clashes.map(lineOf))
  return [
    ...clashes.filter((one) => one.code !== 'EXISTING_NOT_FOLLOWED' || !told.has(lineOf(one))),
    ...judged.filter((one) => one.code !== 'REMOTE_ROUTED_INSIDE' || !clashing.has(lineOf(one))),
  ]
}
