import { type Change, lockKey, type Plan, type Prefix, type SiteName, shortText } from '@natplan/core'
import { count, namesText } from '../text/count.ts'
import { type Figure, type FigureBox, type FigureLine, type FigureLink, type FigureMark, spokenLine } from './figure.ts'

/** Peers that are drawn one by one. */
const mostPeers = 6

/** What the lock says before and after: the sites whose subnets change, with the peers that notice. Both have the same boxes, so that they lie alike. */
export function changesFigures(plan: Plan): readonly [Figure, Figure] {
  return [changesFigure(plan, 'before'), changesFigure(plan, 'after')]
}

function changesFigure(plan: Plan, time: 'before' | 'after'): Figure {
  const sites = [...new Set(plan.changes.map(({ site }) => site))]
  const changed = sites.map(
    (site): FigureBox => ({ id: `site-${site}`, kind: 'site', title: site, lines: subnetLines(plan, site, time) }),
  )
  const peers = peerBoxes(plan, sites)
  const links = sites.flatMap((site) => peerLinks(plan, site, { sites, peers, time }))
  const title = time === 'before' ? 'Before' : 'After'
  const boxes = [...changed, ...peers]
  return {
    title,
    description: `${title}: ${changed.map((box) => `${box.title}: ${box.lines.map(spokenLine).join('; ')}.`).join(' ') || 'nothing changes.'}`,
    boxes,
    links,
  }
}

/** A line for each subnet that the site has before or after. */
function subnetLines({ changes, lock }: Plan, site: SiteName, time: 'before' | 'after'): FigureLine[] {
  const own = new Map(
    changes.filter((change) => change.site === site).map((change) => [lockKey(site, change.real), change]),
  )
  const kept = [...lock.entries].filter(([key, entry]) => entry.site === site && !own.has(key))
  return [
    ...[...own.values()].map((change) => changeLine(change, time)),
    ...kept.map(([, { real, translated, hiddenBehind }]) => calledLine(real, hiddenBehind ?? translated)),
  ]
}

const marks = {
  add: 'added',
  remove: 'removed',
  translate: 'changed',
  untranslate: 'changed',
  renumber: 'changed',
  retunnel: 'changed',
  rename: 'changed',
} as const satisfies Record<Change['kind'], FigureMark>

function changeLine({ kind, real, before, after, came, left }: Change, time: 'before' | 'after'): FigureLine {
  if (time === 'before') return kind === 'add' ? { text: 'not there', style: 'quiet' } : calledLine(real, before)
  const line = kind === 'remove' ? calledLine(real, before) : calledLine(real, after)
  const what = {
    add: 'new',
    remove: 'leaves',
    translate: 'now translated',
    untranslate: 'no longer translated',
    renumber: 'renumbered',
    retunnel: retunnelWords(came, left),
    rename: 'has a site of another name',
  }[kind]
  return { ...line, mark: marks[kind], note: line.note === undefined ? what : `${line.note}, ${what}` }
}

function retunnelWords(came: readonly SiteName[], left: readonly SiteName[]): string {
  const words = [
    ...(came.length > 0 ? [`now for ${namesText(came, 3)}`] : []),
    ...(left.length > 0 ? [`no longer for ${namesText(left, 3)}`] : []),
  ]
  return words.join(', ') || 'on other tunnels'
}

function calledLine(real: Prefix, called: Prefix | undefined): FigureLine {
  if (!called) return { text: String(real), style: 'address', note: 'as it is' }
  const text = called.length > real.length ? `${real} → ${shortText(called)}` : `${real} ↔ ${called}`
  return { text, style: 'address' }
}

function peersOf({ changes, network }: Plan, site: SiteName): SiteName[] {
  const own = changes.filter((change) => change.site === site)
  const all = own.some(({ peers }) => peers === 'all')
  const names = all ? [...network.sites.keys()] : own.flatMap(({ peers }) => (peers === 'all' ? [] : peers))
  return [...new Set(names)].filter((name) => name !== site).sort()
}

const others = 'peers'

function peerBoxes(plan: Plan, sites: readonly SiteName[]): FigureBox[] {
  const names = [...new Set(sites.flatMap((site) => peersOf(plan, site)))]
    .filter((name) => !sites.includes(name))
    .sort()
  const box = (id: string, title: string): FigureBox => ({
    id,
    kind: 'site',
    title,
    lines: [{ text: 'notices it', style: 'quiet' }],
  })
  if (names.length <= mostPeers) return names.map((name) => box(`site-${name}`, name))
  return [{ ...box(others, count(names.length, 'peer')), kind: 'group' }]
}

interface PeerContext {
  readonly sites: readonly SiteName[]
  readonly peers: readonly FigureBox[]
  readonly time: 'before' | 'after'
}

function peerLinks(plan: Plan, site: SiteName, { sites, peers, time }: PeerContext): FigureLink[] {
  const change = (name: SiteName) =>
    plan.changes.filter((one) => one.site === site && (time === 'before' ? one.came : one.left).includes(name))
  const known = new Set([...sites.map((name) => `site-${name}`), ...peers.map(({ id }) => id)])
  const ends = new Map(
    peersOf(plan, site).flatMap((name) => {
      const id = known.has(`site-${name}`) ? `site-${name}` : others
      const isDrawnThere = sites.includes(name) && name < site
      return isDrawnThere ? [] : [[id, name] as const]
    }),
  )
  return [...ends].map(([id, name]) => ({
    from: `site-${site}`,
    to: id,
    kind: change(name).length > 0 ? 'over' : 'tunnel',
    arrow: 'none',
    lines: [],
  }))
}
