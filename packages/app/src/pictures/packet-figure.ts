import { dispositions, type Hop, protocolName, type Step, type World } from '@natplan/core'
import { stepText } from '../trace/step-text.ts'
import type { Traced } from '../trace/traced.ts'
import type { Figure, FigureBox, FigureLine, FigureLink } from './figure.ts'
import { wrapped } from './short-list.ts'

/** Letters in a line of a box. */
const lineLength = 44

/** The way of a packet and below it the way of its answer: each place with what it does, and between them the addresses that the packet has there. */
export function packetFigure(traced: Traced): Figure {
  const { trace, request, from } = traced
  const { title, isGood } = dispositions[trace.disposition]
  const ways = (['there', 'back'] as const).map((way) => trace.hops.filter((hop) => hop.way === way))
  const last = trace.hops.at(-1)
  const boxes = ways.flatMap((hops) => hops.map((hop, index) => hopBox(hop, { index, traced, isLast: hop === last })))
  const links = ways.flatMap((hops) => hops.flatMap((hop, index) => hopLink(hop, { index, next: hops[index + 1] })))
  const packet = `${protocolName(request.protocol)} ${request.source} → ${request.destination}`
  return {
    title: `${packet} from ${from}: ${title}`,
    description:
      `${trace.hops.map((hop) => spokenHop(hop, traced.world)).join(' ')} ${isGood ? '' : `${trace.reason}. ${trace.advice}`}`.trim(),
    direction: 'down',
    boxes,
    links,
  }
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
    lines: [...(index === 0 ? [firstLine(hop)] : []), ...steps, ...(ending ?? [])],
    mark: isLast ? (dispositions[traced.trace.disposition].isGood ? 'good' : 'bad') : undefined,
  }
}

function idOf({ way }: Hop, index: number): string {
  return `${way}-${index}`
}

function firstLine({ way, arrives }: Hop): FigureLine {
  return { text: String(arrives.source), style: 'address', note: way === 'there' ? 'sends' : 'answers' }
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
  const heading: FigureLine[] = [first, ...rest].map((text) => ({
    text,
    style: 'words',
    mark: isGood ? 'added' : 'changed',
  }))
  return isGood ? heading : [...heading, ...wordLines(reason), ...(advice === '' ? [] : wordLines(advice))]
}

/** The answer runs from right to left. */
function hopLink(hop: Hop, { index, next }: { readonly index: number; readonly next: Hop | undefined }): FigureLink[] {
  if (!next || !hop.leaves) return []
  const isTunnel = hop.steps.some(({ kind }) => kind === 'encrypt')
  const ends = [idOf(hop, index), idOf(next, index + 1)] as const
  const [from, to] = hop.way === 'there' ? ends : [ends[1], ends[0]]
  return [
    {
      from,
      to,
      kind: isTunnel ? 'tunnel' : 'plain',
      arrow: hop.way === 'there' ? 'to' : 'from',
      lines: [
        { text: `from ${hop.leaves.source}`, style: 'address' },
        { text: `to   ${hop.leaves.destination}`, style: 'address' },
        ...(isTunnel ? [{ text: 'encrypted', style: 'quiet' } as const] : []),
      ],
    },
  ]
}

function spokenHop({ way, site, at, arrives, steps }: Hop, world: World): string {
  const done = steps.map((step) => stepText(step, world.sites.get(site))).join('; ')
  const what = way === 'there' ? 'packet' : 'answer'
  return `${site} ${at}: ${what} from ${arrives.source} to ${arrives.destination}${done === '' ? '' : `; ${done}`}.`
}
