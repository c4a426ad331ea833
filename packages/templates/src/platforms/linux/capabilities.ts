import { abilities } from '@natplan/core'
import { type FilterWords, sidesOf } from '../../filter-words.ts'
import type { Capabilities } from '../../platform.ts'

export const capabilities: Capabilities = {
  ...abilities.linux,
  keys: {
    // In double quotes in swanctl.conf, where quote and backslash have a meaning; the others have one in the shell that writes it.
    pattern: /^[\x21\x23\x25\x26\x28-\x3e\x40-\x5b\x5d-\x5f\x61-\x7e]+$/,
    words: 'printable ASCII without blanks, quotes, "$", "?", backslash and backquote',
    maxLength: 512,
  },
  session: undefined,
  clampMeets: 'packets of the tunnels only',
  firewallSees: {
    outgoing: 'real',
    incoming: 'real',
    where: 'in the forward chain, on the outside interface in both directions; there is no tunnel interface',
  },
  filterWords,
}

function filterWords(place: Parameters<FilterWords>[0]): string {
  const { from, to } = sidesOf(place)
  switch (place.position) {
    case 'own':
      return place.way === 'in' ? `hook input, from ${from}` : `hook output, to ${to}`
    case 'before':
      return `hook prerouting, priority below -100 (raw, mangle), from ${from}`
    case 'amid':
      return `hook forward, ${from} to ${to} (also prerouting from -100 and postrouting below 100)`
    case 'after':
      return `hook postrouting, priority 100 and above, to ${to}`
  }
}
