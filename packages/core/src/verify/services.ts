import type { FlowBox } from '../match/packet.ts'
import { protocolName, protocolsWithPorts } from '../match/protocols.ts'
import type { Range } from '../match/range.ts'

const everyProtocol: Range = { first: 0, last: 255 }
const everyPort: Range = { first: 0, last: 65_535 }

/** Reports whether packets are of all protocols and ports. */
export function isEveryService({ protocol, sourcePort, destinationPort }: FlowBox): boolean {
  return isSame(protocol, everyProtocol) && isSame(sourcePort, everyPort) && isSame(destinationPort, everyPort)
}

const mostShown = 6

/** Protocols and ports as people call them: `tcp 443, icmp`. */
export function servicesText(boxes: readonly FlowBox[]): string {
  const texts = [...new Set(boxes.map(serviceText))]
  const more = texts.length > mostShown ? ` and ${texts.length - mostShown} more` : ''
  return `${texts.slice(0, mostShown).join(', ')}${more}`
}

function serviceText({ protocol, sourcePort, destinationPort }: FlowBox): string {
  const name = protocolText(protocol)
  if (!protocolsWithPorts.some((one) => protocol.first <= one && one <= protocol.last)) return name
  const to = isSame(destinationPort, everyPort) ? '' : ` ${rangeText(destinationPort)}`
  const from = isSame(sourcePort, everyPort) ? '' : ` from port ${rangeText(sourcePort)}`
  return `${name}${to}${from}`
}

function protocolText({ first, last }: Range): string {
  if (first === last) return protocolName(Number(first))
  return `protocols ${first}-${last}`
}

function rangeText({ first, last }: Range): string {
  return first === last ? String(first) : `${first}-${last}`
}

function isSame(one: Range, other: Range): boolean {
  return one.first === other.first && one.last === other.last
}
