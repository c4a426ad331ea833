import { dispositions, type Hop, protocolName, protocolsWithPorts, type Step, type World } from '@natplan/core'
import { stepText } from '../trace/step-text.ts'
import type { Traced } from '../trace/traced.ts'
import type { Figure, FigureBox, FigureLine, FigureLink } from './figure.ts'
import { wrapped } from './short-list.ts'

/** Letters in a line of a box. */
const lineLength = 44

/**
 * The way of a packet downwards, and beside it the way of its answer upwards: each place with what it does, and between them the addresses that
 * the packet has there. An answer that does not come back goes on downwards.
 */
export function packetFigure(traced: Traced): Figure {
  const { trace, request, from } = traced
  const { title, isGood } = dispositions[trace.disposition]
  const ways = (['there', 'back'] as const).map((way) => trace.hops.filter((hop) => hop.way === way))
  const last = trace.hops.at(-1)
  const boxes = ways.flatMap((hops) => hops.map((hop, index) => hopBox(hop, { index, traced, isLast: hop === last })))
  const links = ways.flatMap((hops) =>
    hops.flatMap((hop, index) => hopLink(hop, { index, next: hops[index + 1], isReturned: isGood })),
  )
  const packet = packetText(request)
  return {
    title: `${packet} from ${from}: ${title}`,
    description:
      `${trace.hops.map((hop) => spokenHop(hop, traced.world)).join(' ')} ${isGood ? '' : `${trace.reason}. ${trace.advice}`}`.trim(),
    direction: 'down',
    boxes,
    links: isGood ? links : [...links, ...turn(ways)],
  }
}

function packetText({ protocol, source, destination, sourcePort, destinationPort }: Traced['request']): string {
  const port = (number: number) => (protocolsWithPorts.includes(protocol) ? ` port ${number}` : '')
  return `${protocolName(protocol)} ${source}${port(sourcePort)} → ${destination}${port(destinationPort)}`
}

function hopBox(
  hop: Hop,
  { index, traced, isLast }: { readonly index: number; readonly traced: Traced; readonly isLast: boolean },
): FigureBox {
  const site = traced.world.sites.get(hop.site)
  const steps = hop.steps.flatMap((step) => wordLines(stepText(step, site), markOf(step)))
  const ending = isLast ? endLines(traced) : undefined
  return {
    id: idOf(hop, index),
    kind: hop.at === 'gateway' ? 'gateway' : 'hosts',
    title: `${hop.site} ${hop.at}`,
    lines: [...(index === 0 ? [firstLine(hop, traced.request)] : []), ...steps, ...(ending ?? [])],
    mark: isLast ? endMark(traced) : undefined,
  }
}

/** What is not known is neither. */
function endMark({ trace: { disposition } }: Traced): FigureBox['mark'] {
  if (isNotKnown(disposition)) return 'changed'
  return dispositions[disposition].isGood ? 'good' : 'bad'
}

/** What was not read, or not understood, says neither that packets arrive nor that they do not. */
function isNotKnown(disposition: Traced['trace']['disposition']): boolean {
  return disposition === 'unknown' || disposition === 'peer-unknown'
}

function idOf({ way }: Hop, index: number): string {
  return `${way}-${index}`
}

function firstLine({ way, arrives }: Hop, { protocol, destinationPort }: Traced['request']): FigureLine {
  const note =
    way === 'there'
      ? `sends ${protocolName(protocol)}${protocolsWithPorts.includes(protocol) ? ` to port ${destinationPort}` : ''}`
      : 'answers'
  return { text: String(arrives.source), style: 'address', note }
}

function markOf({ kind }: Step): FigureLine['mark'] {
  return kind === 'translate' || kind === 'restore' || kind === 'masquerade' ? 'translated' : undefined
}

function wordLines(text: string, mark: FigureLine['mark'] = undefined): FigureLine[] {
  return wrapped(text, lineLength).map((line) => ({ text: line, style: 'words', mark }))
}

function endLines({ trace: { disposition, reason, advice } }: Traced): FigureLine[] {
  const { title, isGood } = dispositions[disposition]
  const [first = '', ...rest] = wrapped(title, lineLength)
  const mark = isGood ? 'added' : isNotKnown(disposition) ? 'changed' : 'bad'
  const heading: FigureLine[] = [first, ...rest].map((text) => ({ text, style: 'words', mark }))
  const hint: FigureLine[] = advice === '' ? [] : [{ text: 'what helps:', style: 'quiet' }, ...wordLines(advice)]
  return isGood ? heading : [...heading, ...wordLines(reason), ...hint]
}

interface LinkContext {
  readonly index: number
  readonly next: Hop | undefined
  readonly isReturned: boolean
}

function hopLink(hop: Hop, { index, next, isReturned }: LinkContext): FigureLink[] {
  if (!next || !hop.leaves) return []
  const isTunnel = hop.steps.some(({ kind }) => kind === 'encrypt')
  const isUpwards = hop.way === 'back' && isReturned
  const [from, to] = isUpwards ? [idOf(next, index + 1), idOf(hop, index)] : [idOf(hop, index), idOf(next, index + 1)]
  const lines: FigureLine[] = [
    { text: `from ${hop.leaves.source}`, style: 'address' },
    { text: `to   ${hop.leaves.destination}`, style: 'address' },
    ...(isTunnel ? [{ text: 'encrypted', style: 'quiet' } as const] : []),
  ]
  return [{ from, to, kind: isTunnel ? 'tunnel' : 'plain', arrow: isUpwards ? 'from' : 'to', lines }]
}

/** From where the packet came to, to where the answer starts: the same place. */
function turn([there = [], back = []]: readonly (readonly Hop[])[]): FigureLink[] {
  const [last, first] = [there.at(-1), back[0]]
  if (!last || !first) return []
  const lines: FigureLine[] = [{ text: 'the answer', style: 'quiet' }]
  return [{ from: idOf(last, there.length - 1), to: idOf(first, 0), kind: 'plain', arrow: 'to', lines }]
}

function spokenHop({ way, site, at, arrives, steps }: Hop, world: World): string {
  const done = steps.map((step) => stepText(step, world.sites.get(site))).join('; ')
  const what = way === 'there' ? 'packet' : 'answer'
  return `${site} ${at}: ${what} from ${arrives.source} to ${arrives.destination}${done === '' ? '' : `; ${done}`}.`
}
