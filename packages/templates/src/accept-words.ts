import { type Accept, type Prefix, protocolName } from '@natplan/core'
import { endWords } from './filter-words.ts'
import { visible } from './visible.ts'

/** What a missing rule is there for, in letters that every platform takes in a description. */
export function purposeOf({ source, destination, sources, destinations, protocol, ports }: Accept): string {
  if (protocol !== undefined) return ports.length > 0 ? 'IKE' : protocolName(protocol).toUpperCase()
  if (sources && destinations) return `from ${sources.name} to ${destinations.name}`
  return [source && `from ${source}`, destination && `to ${destination}`].filter((part) => part !== undefined).join(' ')
}

/** A comment in place of a rule that natplan does not write: why not, and what somebody has to accept. */
export function byHand(accept: Accept, why: string): string {
  const { source, destination, sources, destinations, protocol, ports, arrived } = accept
  const words = (one: Prefix | undefined, all: readonly Prefix[] | undefined) =>
    all ? all.map(endWords).join(', ') : one && endWords(one)
  const [from, to] = [words(source, sources?.prefixes), words(destination, destinations?.prefixes)]
  const what = [
    protocol === undefined ? 'packets' : protocolName(protocol).toUpperCase(),
    ports.length > 0 && `port ${ports.join(', ')}`,
    from && `from ${from}`,
    to && `to ${to}`,
    arrived && (arrived.kind === 'encrypted' ? 'out of the tunnel' : `that come in by ${arrived.name}`),
  ].filter((part) => typeof part === 'string')
  return visible(`# accept by hand ${what.join(' ')}, in front of what drops them: ${why}`)
}
