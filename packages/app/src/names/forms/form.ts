import { type Plan, type SiteName, siteLabel } from '@natplan/core'
import type { BookEntry } from '../address-book.ts'
import { remarks } from '../records.ts'

/** The address book of one site, to be written for a server. */
export interface NamesOf {
  readonly plan: Plan
  readonly site: SiteName
  readonly entries: readonly BookEntry[]
}

/** Lines with a heading, and what is to be said beside them, behind a sign for comments. */
export function commented(sign: string, { site, entries }: NamesOf, lines: readonly string[]): string {
  const heading = `${sign} natplan: what ${site} calls hosts of other sites`
  return [heading, ...lines, ...remarks(entries).map((remark) => `${sign} ${remark}`), ''].join('\n')
}

/**
 * The label of a site that a name ends with; without one the name is in a domain that others have, who may know more of it than its address.
 */
export function siteLabelOf({ plan }: NamesOf, name: string): string | undefined {
  const last = name.replace(/^.*\./, '')
  return [...plan.network.sites.keys()].some((site) => siteLabel(site) === last) ? last : undefined
}
