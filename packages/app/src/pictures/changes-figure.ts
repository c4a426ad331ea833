import { type Change, type LockEntry, lockKey, type Plan, type Prefix, type SiteName, shortText } from '@natplan/core'
import { count, namesText } from '../text/count.ts'
import { type Figure, type FigureBox, type FigureLine, type FigureLink, type FigureMark, spokenLine } from './figure.ts'

/** Peers that are drawn one by one. */
const mostPeers = 6

/** What the lock says before and after: the sites whose subnets change, with the peers that notice. Both have the same boxes, so that they lie alike. */
export function changesFigures(plan: Plan): readonly Figure[] {
  if (plan.changes.length === 0) return [unchanged]
  return [changesFigure(plan, 'before'), changesFigure(plan, 'after')]
}

const unchanged: Figure = {
  title: 'Nothing changes',
  description: 'The plan says what its lock says.',
  boxes: [{ id: 'unchanged', kind: 'site', title: 'Nothing changes', lines: [] }],
  links: [],
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
    ...[...own].map(([key, change]) => changeLine(change, time, lock.entries.get(key))),
    ...kept.map(([, entry]) => entryLine(entry)),
  ]
}

/** What the peers call it, and which of them, where not all call it the same. */
function entryLine({ real, translated, hiddenBehind, translatedFor, realFor }: LockEntry): FigureLine {
  const line = calledLine(real, hiddenBehind ?? translated)
  if (translatedFor === 'all' || translatedFor.length === 0 || realFor.length === 0) return line
  const others = realFor === 'all' ? 'the others' : namesText(realFor, 3)
  return { ...line, note: `for ${namesText(translatedFor, 3)}; as it is for ${others}` }
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

function changeLine(
  { kind, real, before, came, left }: Change,
  time: 'before' | 'after',
  entry: LockEntry | undefined,
): FigureLine {
  if (time === 'before') return kind === 'add' ? { text: 'not there', style: 'quiet' } : calledLine(real, before)
  const line = entry ? entryLine(entry) : calledLine(real, before)
  const what = {
    add: 'new',
    remove: 'leaves',
    translate: 'now translated',
    untranslate: 'no longer translated',
    renumber: 'renumbered',
    retunnel: retunnelWords(came, left),
    rename: 'has a site of another name',
  }[kind]
  return { ...line, mark: marks[kind], note: line.note === undefined ? what : `${line.note}; ${what}` }
}

function retunnelWords(came: readonly SiteName[], left: readonly SiteName[]): string {
  const words = [
    ...(came.length > 0 ? [`${namesText(came, 3)} came`] : []),
    ...(left.length > 0 ? [`${namesText(left, 3)} left`] : []),
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
    kind: !isJoined(plan, [site, name], time)
      ? 'absent'
      : plan.peers.between(site, name) === undefined
        ? 'tunnel'
        : 'over',
    arrow: 'none',
    lines: [],
  }))
}

/** Whether one of the two knew a subnet of the other then. */
function isJoined(plan: Plan, [one, other]: readonly [SiteName, SiteName], time: 'before' | 'after'): boolean {
  if (time === 'after') return plan.peers.areJoined(one, other)
  const knows = (site: SiteName, peer: SiteName) =>
    plan.changes.some(
      ({ kind, site: whose, peers, came }) =>
        kind !== 'add' && whose === site && (peers === 'all' || peers.includes(peer)) && !came.includes(peer),
    )
  return knows(one, other) || knows(other, one)
}
