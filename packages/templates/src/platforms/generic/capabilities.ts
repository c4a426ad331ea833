import { abilities } from '@natplan/core'
import { type FilterWords, sidesOf } from '../../filter-words.ts'
import type { Capabilities } from '../../platform.ts'

/** What any product can be expected to do. */
export const capabilities: Capabilities = {
  ...abilities.generic,
  keys: {
    // What every product that natplan knows takes, quoted or not.
    pattern: /^[A-Za-z0-9._+-]+$/,
    words: 'letters, digits and ._+-',
    maxLength: 64,
  },
  session: undefined,
  clampMeets: '',
  firewallSees: {
    outgoing: 'real',
    incoming: 'real',
    where: 'on most products, which translate the source last and the destination first; the sheet shows both forms',
  },
  filterWords,
  entering: () => 'Hand `hand-over.md` in the folder to whoever runs the gateway.\n',
}

/** Other filters see what one that knows real addresses does. */
function filterWords(place: Parameters<FilterWords>[0]): string | undefined {
  const { from, to } = sidesOf(place)
  switch (place.position) {
    case 'own':
      return place.way === 'in' ? `what comes to the gateway itself at ${from}` : `what it sends itself at ${to}`
    case 'before':
      return place.way === 'in' ? `a filter that sees packets as they come in from ${from}` : undefined
    case 'amid':
      return `a filter that knows real addresses, ${from} to ${to} (most products)`
    case 'after':
      return place.way === 'out' ? `a filter between NAT and encryption, to ${to}` : undefined
  }
}
