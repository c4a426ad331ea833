import { emptyLock, type Lock, lockKey } from '../allocation/lock.ts'
import { type Finding, inPlan } from '../finding.ts'
import type { Network } from '../network/network.ts'
import { type PartialNetwork, wholeNetwork } from '../network/partial-network.ts'
import { planNetwork } from './plan-network.ts'

/**
 * The errors of planning what could be read of a network, when something else is wrong with it or with its lock, so that all are told at once.
 * What only follows from a part that is missing is left out; `lock` is undefined when it could not be read.
 */
export function planProblems(partial: PartialNetwork, lock: Lock | undefined): Finding[] {
  const network = wholeNetwork(partial)
  const { findings } = planNetwork(network, lock ? lockOf(network, partial, lock) : emptyLock)
  return findings
    .filter(({ severity, code }) => severity === 'error' && (code !== 'POOL_EXHAUSTED' || isPoolKnown(partial, lock)))
    .map((finding) => ({ ...finding, ...(finding.related ? { related: finding.related.map(inAvoid(partial)) } : {}) }))
}

/** How much is asked of the pools, and which they are. */
function isPoolKnown({ unread, sites }: PartialNetwork, lock: Lock | undefined): boolean {
  const subnets = [...sites.values()].flatMap((site) => site.subnets)
  const isWishKnown = ({ path }: (typeof subnets)[number]) =>
    !unread.has([...path, 'translate']) && !unread.has([...path, 'translateTo'])
  return lock !== undefined && !unread.touches(['pools']) && subnets.every(isWishKnown)
}

/** Without the entries of subnets that have not left but could not be read. */
function lockOf({ sites }: Network, { unread }: PartialNetwork, lock: Lock): Lock {
  const listed = new Set(
    [...sites.values()].flatMap((site) => site.subnets.map((one) => lockKey(site.name, one.prefix))),
  )
  const hasLeft = (site: string) => !unread.touches(['sites', site, 'subnets'])
  const entries = [...lock.entries].filter(([key, { site }]) => listed.has(key) || hasLeft(site))
  return { ...lock, entries: new Map(entries) }
}

type Related = NonNullable<Finding['related']>[number]

/** The plan counts the entries of `avoid` that could be read; the file counts all. */
function inAvoid({ avoid, unread }: PartialNetwork): (related: Related) => Related {
  const read = avoid.filter(({ path }) => !unread.covers(path))
  return ({ place, message }) => {
    const [key, index] = place.path
    const entry = place.source === 'plan' && key === 'avoid' && typeof index === 'number' ? read[index] : undefined
    return { place: entry ? inPlan(entry.path) : place, message }
  }
}
