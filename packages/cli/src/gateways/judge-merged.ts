import type { Device, Finding, Plan } from '@natplan/core'

/** What the verifier finds in the world of a plan with these devices, by site, in place of what the plan makes of their gateways. */
export type Judge = (plan: Plan, devices: ReadonlyMap<string, Device>) => readonly Finding[]

/**
 * What `verify` would say of gateways once they have natplan's lines, as far as it is about them and the sites of the plan: its other gateways
 * are taken to do what they should, and a tunnel to somebody else is as it was before. Notes say nothing that stands against the lines.
 */
export function judgeMerged(plan: Plan, merged: ReadonlyMap<string, Device>, judge: Judge): Finding[] {
  if (merged.size === 0) return []
  const files = new Set([...merged.values()].flatMap(({ file }) => file ?? []))
  const sites = new Set<string>(plan.network.sites.keys())
  const isAbout = ({ about, place }: Finding) =>
    (about?.site !== undefined && merged.has(about.site)) || (place.file !== undefined && files.has(place.file))
  const isPlanned = ({ about }: Finding) => about?.peer === undefined || sites.has(about.peer)
  return judge(plan, merged).filter((finding) => finding.severity !== 'note' && isAbout(finding) && isPlanned(finding))
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
