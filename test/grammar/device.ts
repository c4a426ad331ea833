import { readFileSync } from 'node:fs'
import type { Platform } from '@natplan/core'
import type { Condition } from './conditions/condition.ts'
import { algorithms5600, filters5600, interfaces5600, routes5600, translations5600 } from './conditions/dataplane.ts'
import { conditionsOfPeers } from './conditions/peers.ts'
import { filtersInSets, translationsInOneList, translationsInTwoLists } from './conditions/vyatta.ts'
import { conditionsOfVyos } from './conditions/vyos.ts'
import { Configuration } from './configuration.ts'
import type { Table } from './table.ts'

export type Member = Extract<Platform, 'vyos-1.5' | 'vyos-1.4' | 'vyos-1.3' | 'edgeos' | 'vyatta-5400' | 'vyatta-5600'>

const vpn = ['vpn', 'ipsec']

const conditions: Readonly<Record<Member, readonly Condition[]>> = {
  'vyos-1.5': conditionsOfVyos,
  'vyos-1.4': conditionsOfVyos,
  'vyos-1.3': [
    ...conditionsOfPeers({ root: vpn, namesInterfaces: false, keepsFamily: false }),
    translationsInTwoLists({ keepsLength: false }),
    filtersInSets,
  ],
  'vyatta-5400': [
    ...conditionsOfPeers({ root: vpn, namesInterfaces: true, keepsFamily: true }),
    translationsInTwoLists({ keepsLength: true }),
    filtersInSets,
  ],
  edgeos: [
    ...conditionsOfPeers({ root: vpn, namesInterfaces: false, keepsFamily: true }),
    translationsInOneList,
    filtersInSets,
  ],
  'vyatta-5600': [
    ...conditionsOfPeers({ root: ['security', ...vpn], namesInterfaces: false, keepsFamily: true }),
    ...[translations5600, routes5600, interfaces5600, algorithms5600, filters5600],
  ],
}

export const members = Object.keys(conditions) as Member[]

export function isMember(platform: Platform): platform is Member {
  return platform in conditions
}

const tables = new Map<Member, Table>()

export function tableOf(member: Member): Table {
  const known = tables.get(member)
  if (known) return known
  const read = JSON.parse(readFileSync(new URL(`tables/${member}.json`, import.meta.url), 'utf8')) as Table
  tables.set(member, read)
  return read
}

export interface Session {
  /** What others have on the device, which nobody judges. */
  readonly others?: string
  /** Texts that are entered and committed one after the other. */
  readonly texts: readonly string[]
}

/** What a device says to texts: about their lines, and about what it has after each. */
export function complaintsOf(member: Member, { others = '', texts }: Session): string[] {
  const configuration = new Configuration(tableOf(member))
  configuration.presume(others)
  return texts.flatMap((text) => [
    ...configuration.enter(text),
    ...configuration.missing(),
    ...conditions[member].flatMap((condition) => condition(configuration.root)),
  ])
}

/** What a device says to a text, and not to what others have on it. */
export function newComplaints(
  member: Member,
  { others, text }: { readonly others: string; readonly text: string },
): string[] {
  const before = new Set(complaintsOf(member, { others, texts: [''] }))
  return complaintsOf(member, { others, texts: [text] }).filter((complaint) => !before.has(complaint))
}
