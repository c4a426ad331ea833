import {
  type Change,
  callableSights,
  exampleOf,
  handedOnBy,
  type Mapping,
  type Occupied,
  type Overlap,
  type OverlapSide,
  type PeerList,
  type Plan,
  type Prefix,
  type Reason,
  type Subnet,
  shortText,
  touchedBy,
} from '@natplan/core'
import { count, namesText } from '../text/count.ts'
import { type LongTable, rowsOf, type Table } from './table.ts'

/** A screen shows this many rows of a table; a pipe, a file and the other formats get all. */
const rowsOnScreen = 200

/** So many names are listed before the rest is only counted. */
const namesListed = 3

/** The whole of a plan as tables, each made when it is asked for: overlaps, mapping, who sees what, what changes. */
export function* planTables(
  plan: Plan,
  { lockPath, isScreen }: { lockPath: string | undefined; isScreen: boolean },
): Generator<LongTable> {
  const table = isScreen ? shorten : (one: LongTable) => one
  yield table(overlapTable(plan.overlaps))
  yield table(mappingTable(plan))
  yield table(sightTable(plan))
  for (const one of handedOnTable(plan)) yield table(one)
  yield table(changeTable(plan, lockPath))
}

function shorten(table: LongTable): LongTable {
  const rows = [...table.rows]
  const left = rows.length - rowsOnScreen
  if (left <= 0) return table
  const footer = `... and ${count(left, 'row')} more; a pipe or --output json gets all${table.footer ? `; ${table.footer}` : ''}`
  return { ...table, rows: rows.slice(0, rowsOnScreen), footer }
}

/** Overlaps as a table; with `places` also where the two prefixes meet. */
export function overlapTable(
  overlaps: readonly Overlap[],
  { places }: { readonly places: boolean } = { places: true },
): Table {
  const pairs = overlaps.reduce((sum, overlap) => sum + overlap.pairs, 0)
  return {
    title: overlaps.length === 0 ? 'Overlaps' : `Overlaps (${count(pairs, 'pair')})`,
    columns: ['PREFIX', 'USED BY', 'MEETS', ...(places ? ['WHERE'] : [])],
    rows: overlaps.map((overlap) => [
      String(overlap.inner.prefix),
      usersText(overlap.inner),
      overlap.relation === 'equal'
        ? 'each other'
        : `lies inside ${overlap.outer.prefix} of ${usersText(overlap.outer)}`,
      ...(places ? [placeTexts[overlap.effect]] : []),
    ]),
    empty: 'none: no two sites use the same addresses',
  }
}

const placeTexts = {
  tunnel: 'across a tunnel',
  hub: 'at a common peer',
  none: 'nowhere: no tunnel brings them together',
} satisfies Record<Overlap['effect'], string>

function usersText({ users }: OverlapSide): string {
  const listed = users.slice(0, namesListed).map(userText)
  const left = users.length - listed.length
  return left > 0 ? `${listed.join(', ')} and ${left} more` : listed.join(', ')
}

const kindTexts = {
  subnet: '',
  reserved: ' (reserved)',
  pods: ' (pods)',
  services: ' (services)',
  endpoint: ' (endpoint)',
  given: '',
}

function userText({ site, kind }: Occupied): string {
  return `${site}${kindTexts[kind]}`
}

export function mappingTable({ mappings, network }: Plan): LongTable {
  const subnets = [...network.sites.values()].reduce((sum, site) => sum + site.subnets.length, 0)
  const kept = subnets - mappings.length
  const hidden = mappings.filter(({ kind }) => kind === 'many-to-one')
  const names = mappings.some(({ subnet }) => subnet.name !== undefined)
  return {
    title: `NAT mapping (one to one, both directions${hidden.length > 0 ? '; → many to one, one way' : ''})`,
    columns: ['SITE', 'REAL ↔ TRANSLATED', 'FOR EXAMPLE', 'KNOWN TO', 'WHY'],
    rows: rowsOf(mappings, (mapping) => [
      names && mapping.subnet.name ? `${mapping.site} ${mapping.subnet.name}` : mapping.site,
      mappingText(mapping),
      exampleText(mapping),
      peersText(mapping.translatedFor),
      reasonText(mapping.reason),
    ]),
    empty: 'nothing is translated: every site is known by its real addresses',
    ...(mappings.length > 0 && kept > 0
      ? { footer: `${count(kept, 'subnet')} ${kept === 1 ? 'keeps its' : 'keep their'} real addresses` }
      : {}),
  }
}

function mappingText({ kind, real, translated }: Mapping): string {
  return kind === 'many-to-one' ? `${real} → ${shortText(translated)}` : `${real} ↔ ${translated}`
}

function exampleText(mapping: Mapping): string {
  const { real, translated } = exampleOf(mapping)
  const isAnyOf = mapping.kind === 'many-to-one' && !mapping.translated.first.equals(mapping.translated.last)
  return isAnyOf ? `${real} is one of ${mapping.translated}` : `${real} is ${translated}`
}

function peersText(peers: PeerList): string {
  return peers === 'all' ? 'all peers' : namesText(peers, namesListed)
}

function reasonText(reason: Reason): string {
  if (reason.kind !== 'collision') {
    return { always: 'translate: always', pin: 'translateTo', hidden: 'hideBehind', locked: 'the lock holds it' }[
      reason.kind
    ]
  }
  const { prefix, site, kind } = reason.with
  const whose = `${prefix} of ${site}${kindTexts[kind]}`
  return site === reason.at ? `collides with ${whose}` : `collides with ${whose} at ${reason.at}`
}

export function sightTable(plan: Plan): Table {
  const rows: string[][] = []
  for (const site of plan.network.sites.keys()) {
    if (rows.length > mostSights) break
    for (const { peer, subnet, visible } of callableSights(plan, site)) {
      const how = visible === subnet.prefix ? `${visible} (real)` : calledText(subnet, visible)
      const over = plan.peers.between(site, peer)
      const whom = subnet.name ? `${peer} ${subnet.name}` : peer
      rows.push([site, over === undefined ? whom : `${whom} (over ${over})`, how])
    }
  }
  const cut = rows.length > mostSights
  return {
    title: 'Who sees what',
    columns: ['SITE', 'CALLS', 'BY'],
    rows: cut ? rows.slice(0, mostSights) : rows,
    empty: 'no site sees another',
    ...(cut ? { footer: 'and so on for every other pair; natplan explain ADDRESS answers for one address' } : {}),
  }
}

function calledText({ prefix, hideBehind, forwards }: Subnet, visible: Prefix): string {
  if (!hideBehind) return `${visible} (really ${prefix})`
  const ports = forwards.map(({ protocol, port }) => `${protocol} ${port}`).join(', ')
  return `${shortText(visible)} (hides ${prefix}; ${ports === '' ? 'only it calls' : `called at ${ports} alone`})`
}

/** A full mesh of many sites has more sights than anybody reads. */
const mostSights = 200_000

export function handedOnTable(plan: Plan): Table[] {
  const hubs = handedOnBy(plan)
  if (hubs.length === 0) return []
  return [
    {
      title: 'Who forwards for others',
      columns: ['SITE', 'BETWEEN', 'SELECTORS OF ITS TUNNELS'],
      rows: hubs.map(({ hub, pairs, selectors }) => [
        hub,
        count(pairs, 'pair of sites', 'pairs of sites'),
        selectors
          ? `${count(selectors.all, 'selector')}, at most ${selectors.most} on a tunnel`
          : 'no gateways are planned',
      ]),
      empty: '',
    },
  ]
}

export function changeTable({ changes, network }: Plan, lockPath: string | undefined): LongTable {
  const { gateways, nodes } = touchedBy(changes, network)
  const touched = `gateways to change: ${namesText(gateways)}; nodes that get other routes: ${nodes.length > 0 ? namesText(nodes) : 'none'}`
  return {
    title: lockPath ? `Changes against ${lockPath}` : 'Changes (no lock)',
    columns: ['', 'SITE', 'SUBNET', 'WHAT'],
    rows: rowsOf(changes, (change) => [signs[change.kind], change.site, String(change.real), changeText(change)]),
    empty: 'none',
    ...(changes.length > 0 ? { footer: touched } : {}),
  }
}

const signs = {
  add: '+',
  remove: '-',
  translate: '~',
  untranslate: '~',
  renumber: '!',
  retunnel: '~',
  rename: '~',
} satisfies Record<Change['kind'], string>

function changeText(change: Change): string {
  const { kind, before, after } = change
  switch (kind) {
    case 'add':
      if (after && isHiding(change, after)) return `new, hides behind ${shortText(after)}`
      return after ? `new, translated to ${after}` : 'new, keeps its real addresses'
    case 'remove':
      return before && !isHiding(change, before) ? `leaves; ${asideText(before)}` : 'leaves'
    case 'translate':
      return after && isHiding(change, after)
        ? `hides behind ${shortText(after)}: peers can no longer open connections, except to forwards`
        : `becomes ${after} for some or all peers`
    case 'untranslate':
      return before && isHiding(change, before)
        ? `hides behind ${shortText(before)} no longer and returns to its real addresses`
        : `returns from ${before} to its real addresses; ${before} stays set aside until natplan release`
    case 'renumber':
      return movedText(change)
    case 'retunnel':
      return retunnelText(change)
    case 'rename':
      return 'its site has another name, which devices show; peers use the same addresses as before'
  }
}

function asideText(translated: Prefix): string {
  return `${translated} stays set aside until natplan release`
}

function movedText(change: Change): string {
  const { before, after } = change
  if (!before || !after) return ''
  const [wasHidden, isHidden] = [isHiding(change, before), isHiding(change, after)]
  if (isHidden && !wasHidden) return `hides behind ${shortText(after)} instead of ${before}; ${asideText(before)}`
  const text = (called: Prefix) => (isHiding(change, called) ? shortText(called) : String(called))
  return `moves from ${text(before)} to ${text(after)}`
}

/** Hosts hide behind fewer addresses than they are. */
function isHiding({ real }: Change, called: Prefix): boolean {
  return called.length > real.length
}

function retunnelText({ peers, came, left }: Change): string {
  if (peers === 'all') return 'is used on other tunnels than before'
  const others = peers.filter((peer) => !came.includes(peer) && !left.includes(peer))
  return [
    ...(came.length > 0 ? [`is now used towards ${peersText(came)}`] : []),
    ...(left.length > 0 ? [`is no longer used towards ${peersText(left)}`] : []),
    ...(others.length > 0 ? [`is known to ${peersText(others)} by another prefix`] : []),
  ].join('; ')
}
