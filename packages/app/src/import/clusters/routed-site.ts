import type { Imported } from '../imported.ts'
import { LeftOutCounts, listSaid } from '../said.ts'
import type { NodeNetwork } from './node-networks.ts'

/** The site of a machine of which nothing but its routes is known: the networks that it is in, but for that of the internet. */
export function routedSite(site: string, networks: readonly NodeNetwork[]): Imported {
  const leftOut = new LeftOutCounts()
  const shared = networks.filter((one) => {
    if (one.isOwn) leftOut.add('networks of bridges inside a machine', one.said)
    return !one.isOwn
  })
  const inside = shared.filter(({ leads }) => leads !== 'outside')
  const kept = inside.length > 0 ? inside : shared
  for (const { leads, said } of shared)
    if (kept === inside && leads === 'outside') leftOut.add('networks towards the internet', said)
  for (const { others, said } of kept)
    for (const _ of others) leftOut.add('routes to what is behind another router, which may be a peer', said)
  const { values, reasons } = listSaid(
    kept.map(({ said }) => said),
    ['sites', site, 'subnets'],
  )
  return { network: { sites: { [site]: { subnets: values } } }, reasons, leftOut: leftOut.all, findings: [] }
}
