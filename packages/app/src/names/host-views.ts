import type { Namesake, Plan, SiteName } from '@natplan/core'
import type { Result } from '../tables/result.ts'
import type { Table } from '../tables/table.ts'
import { count } from '../text/count.ts'
import { type BookEntry, entriesOf, isApart, isCalled } from './address-book.ts'
import { faceText } from './face-text.ts'
import { entryDocument } from './names-result.ts'

/** What each site calls the hosts that a name may mean. */
export function hostResult(plan: Plan, hosts: readonly Namesake[]): Result {
  return {
    tables: () => hosts.map((host) => hostTable(plan, host)),
    document: () => ({ schemaVersion: 1, hosts: hosts.map((host) => hostDocument(plan, host)) }),
  }
}

function hostTable(plan: Plan, namesake: Namesake): Table {
  const { site, host } = namesake
  const views = viewsOf(plan, namesake)
  const apart = new Set(views.filter(isApart).map(({ at }) => at)).size
  const home = host.addresses.map((address) => [site, String(address), host.name, 'a host here'])
  return {
    title: `${host.name} of ${site}`,
    columns: ['SEEN FROM', 'ADDRESS', 'NAMES', 'IT IS'],
    rows: [...home, ...views.filter((entry) => !isApart(entry)).map(rowOf)],
    empty: '',
    ...(apart > 0 ? { footer: `nothing of the plan leads there from ${count(apart, 'more site')}` } : {}),
  }
}

function rowOf(entry: BookEntry): string[] {
  if (!isCalled(entry)) return [entry.at, 'none', '', faceText(entry)]
  return [entry.at, String(entry.face.address), entry.names.join(', '), faceText(entry)]
}

function hostDocument(plan: Plan, namesake: Namesake) {
  const { site, host } = namesake
  return { site, name: host.name, real: host.addresses.map(String), views: viewsOf(plan, namesake).map(entryDocument) }
}

function viewsOf(plan: Plan, namesake: Namesake): BookEntry[] {
  const others = [...plan.network.sites.keys()].filter((name: SiteName) => name !== namesake.site)
  return others.flatMap((at) => entriesOf(plan, at, namesake))
}
