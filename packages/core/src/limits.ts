/** A bound of natplan, and why it is where it is: what people write stays far below it. */
export interface Limit {
  readonly most: number
  readonly what: string
  readonly why: string
}

/** Bounds by name. */
export function limitsOf<Name extends string>(all: Readonly<Record<Name, Limit>>): Readonly<Record<Name, Limit>> {
  return all
}

/** All bounds of the core on what it takes and says. */
export const limits = limitsOf({
  guessedLetters: {
    most: 64,
    what: 'letters of a word that gets a guess ("did you mean …?")',
    why: 'no name or key is half as long, and guessing costs the square',
  },
  guessedSites: {
    most: 100,
    what: 'names of unknown sites in a plan that get a guess',
    why: 'a screen shows no more, and each is compared with every site',
  },
  quotedLetters: {
    most: 80,
    what: 'characters of a text that a message quotes',
    why: 'the longest address of IPv6 with a length and its quotes has half of that; a message is read on one line',
  },
  messageLetters: {
    most: 2000,
    what: 'characters of a message or a hint',
    why: 'the longest that names everything it is about has a quarter of that',
  },
  selectors: {
    most: 10_000,
    what: 'pairs of a local and a remote prefix that one gateway encrypts, so that it is looked at whether packets pass',
    why: 'a hub of a thousand tunnels has as many; 300 subnets towards 300 are 90,000, which take a gibibyte to look at',
  },
  writtenSelectors: {
    most: 40_000,
    what: 'pairs of a subnet of a site and one of its peers that one gateway is written with',
    why: 'a hub of four hundred sites with ten subnets each, and ten of its own, has as many; 300 subnets towards 300 are 90,000, and 77 megabytes of text, which no gateway takes',
  },
  packetClasses: {
    most: 150_000,
    what: 'classes of packets that `verify` follows in one run',
    why: 'each is followed through all gateways, there and back',
  },
  classesOfATrace: {
    most: 20_000,
    what: 'classes of packets of one question to `trace` about ranges',
    why: 'as for `verify`, for one pair of ranges',
  },
  pieces: {
    most: 4000,
    what: 'pieces into which the packets of one rule are cut by the rules in front of it',
    why: 'each rule multiplies them; what is left of one rule is read by people',
  },
  subtractions: {
    most: 200_000,
    what: 'such cuts in one look at a gateway',
    why: 'each may multiply the pieces; rules that do not meet need none',
  },
  calledSets: {
    most: 2000,
    what: 'parts of sets of filters that are called from others, in one look for rules that never decide',
    why: 'sets that call each other multiply',
  },
  findingsOfACode: {
    most: 1000,
    what: 'findings of one code in one document or verification',
    why: 'nobody reads more of a kind; their number is told',
  },
})
