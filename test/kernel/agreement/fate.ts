/** What becomes of one packet and its answer: what the kernel shows, and what natplan says. */
export interface Fate {
  /** The host that took the packet for its own, and the addresses that it saw. */
  readonly reachedHost: string | undefined
  readonly seenSource: string | undefined
  readonly seenDestination: string | undefined
  /** Whether the sender took the answer for one. */
  readonly answered: boolean
  /** Whether what follows the answer on the same connection is answered as well. */
  readonly goesOn: boolean
  /** The source of the answer as it came in at the sender, taken or not. */
  readonly answerSeenAs: string | undefined
  /** `SOURCE > DESTINATION` of the packet as an uplink saw it unencrypted. */
  readonly clearThere: string | undefined
  /** The same of the answer. */
  readonly clearBack: string | undefined
  /** The machine whose reverse-path filter dropped the packet or its answer. */
  readonly rpDrop: string | undefined
}

/** A packet of which nothing is seen. */
const vanished: Fate = {
  reachedHost: undefined,
  seenSource: undefined,
  seenDestination: undefined,
  answered: false,
  goesOn: false,
  answerSeenAs: undefined,
  clearThere: undefined,
  clearBack: undefined,
  rpDrop: undefined,
}

/** The name of everything that is neither a site nor a gateway. */
export const internet = 'internet'

type Field = keyof Fate

export const everyField = Object.keys(vanished) as Field[]
/** What can be said of a packet of whose answer nothing is said. */
export const fieldsThere: readonly Field[] = ['reachedHost', 'seenSource', 'seenDestination', 'clearThere']
const atInternet: readonly Field[] = ['clearThere', 'rpDrop']

/**
 * The fields in which two fates differ. What becomes of a packet that went to a host of the internet in clear, beyond that, nobody can
 * say who knows the sites only; `told`: those of which something is said.
 */
export function differenceOf(seen: Fate, said: Fate, told: readonly Field[]): Field[] {
  const fields = seen.reachedHost === internet ? atInternet.filter((field) => told.includes(field)) : told
  return fields.filter((field) => seen[field] !== said[field])
}

export function shownFate(fate: Fate): string {
  const entries = Object.entries(fate).filter(([, value]) => value !== undefined && value !== false)
  return entries.length === 0 ? 'vanishes' : entries.map(([field, value]) => `${field} ${value}`).join(', ')
}
