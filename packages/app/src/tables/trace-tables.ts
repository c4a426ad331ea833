import {
  type DoubtAt,
  dispositions,
  type Hop,
  protocolName,
  protocolsWithPorts,
  type Trace,
  type Way,
  type World,
} from '@natplan/core'
import { stepText } from '../trace/step-text.ts'
import { missingFor, type Traced } from '../trace/traced.ts'
import type { Table } from './table.ts'
import { missingTable } from './verify-tables.ts'

export function traceTables(traced: Traced): Table[] {
  const { trace, world } = traced
  const ways = (['there', 'back'] as const).filter((way) => trace.hops.some((hop) => hop.way === way))
  const missing = missingFor(traced).map((one) => missingTable(one, 'the packet pass'))
  return [...ways.map((way) => wayTable(traced, way)), endTable(trace, world), ...missing]
}

function packetText(
  from: string,
  { source, destination, protocol, sourcePort, destinationPort }: Traced['request'],
): string {
  const portText = (port: number) => (protocolsWithPorts.includes(protocol) ? ` port ${port}` : '')
  return `${protocolName(protocol)} from ${from} ${source}${portText(sourcePort)} to ${destination}${portText(destinationPort)}`
}

function wayTable({ world, from, request, trace }: Traced, way: Way): Table {
  return {
    title: way === 'there' ? packetText(from, request) : 'The answer',
    columns: ['AT', 'ARRIVES AS', 'WHAT HAPPENS'],
    rows: trace.hops.filter((hop) => hop.way === way).map((hop) => hopRow(hop, world)),
    empty: '',
  }
}

function hopRow(hop: Hop, world: World): string[] {
  const { site, at, arrives, steps } = hop
  const texts = steps.map((step) => stepText(step, world.sites.get(site)))
  const end = hop.leaves ? [] : ['here it ends']
  return [`${site} ${at}`, `${arrives.source} → ${arrives.destination}`, [...texts, ...end].join('; ')]
}

function endTable({ disposition, way, site, reason, advice, doubts }: Trace, world: World): Table {
  const { title } = dispositions[disposition]
  if (disposition === 'delivered') return { title: 'Result', columns: [], rows: [], empty: title }
  const where = way === 'there' ? `on the way there, at ${site}` : `on the way back, at ${site}`
  return {
    title: `Result: ${disposition in arriving ? title : `${title}, ${where}`}`,
    columns: ['', 'EXPLANATION'],
    rows: [
      ['because', reason],
      ...doubts.map((one) => ['not understood', doubtText(one, world)]),
      ...(advice === '' ? [] : [['change this', advice]]),
    ],
    empty: '',
  }
}

/** Both ways were walked to their end. */
const arriving = { 'translated-twice': true, 'not-one-to-one': true, 'another-host': true } as const

function doubtText({ site, doubt: { line, file: shown, what } }: DoubtAt, world: World): string {
  const file = shown ?? world.sites.get(site)?.device.file
  const place = file === undefined || line === undefined ? '' : `${file}:${line}: `
  return `${place}${what} (${site})`
}
