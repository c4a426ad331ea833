import type { OwnCapabilities } from '../../platform.ts'
import { dataplaneWords } from '../../vyatta/filter-words.ts'
import { dataplaneSession } from '../../vyatta/session.ts'

/** What is particular to vyatta-5600 beside the abilities that policies depend on. */
export const capabilities: OwnCapabilities = {
  keys: {
    // The device's own pattern, less `$`.
    pattern: /^[A-Za-z0-9\-+&!@#%^*(),.:_]+$/,
    words: 'letters, digits and -+&!@#%^*(),.:_',
    maxLength: 128,
  },
  session: dataplaneSession,
  clampMeets: 'packets of the tunnels only',
  // Destination NAT comes after the firewall of the incoming side, source NAT before that of the outgoing side.
  firewallSees: {
    outgoing: 'translated',
    incoming: 'translated',
    where: 'on the virtual interface; on the inside interface real addresses',
  },
  filterWords: dataplaneWords,
}
