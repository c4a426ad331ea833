import type { OwnCapabilities } from '../../platform.ts'
import { setWords } from '../../vyatta/filter-words.ts'
import { session } from '../../vyatta/session.ts'

/** What is particular to edgeos beside the abilities that policies depend on. */
export const capabilities: OwnCapabilities = {
  keys: {
    // Ubiquiti publishes no rule; 64 characters and these signs are what users found to work.
    pattern: /^[A-Za-z0-9\-+&!@#%^*(),.:;_=<>{}/]+$/,
    words: 'letters, digits and -+&!@#%^*(),.:;_=<>{}/',
    maxLength: 64,
  },
  session,
  clampMeets: 'every TCP connection through the gateway',
  // POSTROUTING is behind the filter and PREROUTING before it, so it meets the site's own addresses in both directions.
  firewallSees: {
    outgoing: 'real',
    incoming: 'real',
    where: 'on the outside interface, as packets of the inner network; the other end shows its translated addresses',
  },
  filterWords: setWords,
}
