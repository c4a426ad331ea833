import type { Device, Finding, Plan } from '@natplan/core'

/** What the verifier finds in the world of a plan with these devices, by site, in place of what the plan makes of their gateways. */
export type Judge = (plan: Plan, devices: ReadonlyMap<string, Device>) => readonly Finding[]

/**
 * What `verify` would say of gateways once they have natplan's lines, as far as it is about them: the plan's other gateways are taken to do
 * what they should. Notes say nothing that stands against the lines.
 */
export function judgeMerged(plan: Plan, merged: ReadonlyMap<string, Device>, judge: Judge): Finding[] {
  if (merged.size === 0) return []
  const files = new Set([...merged.values()].flatMap(({ file }) => file ?? []))
  const isAbout = ({ about, place }: Finding) =>
    (about?.site !== undefined && merged.has(about.site)) || (place.file !== undefined && files.has(place.file))
  return judge(plan, merged).filter((finding) => finding.severity !== 'note' && isAbout(finding))
}
