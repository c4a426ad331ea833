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
    what: 'characters of a word that gets a guess ("did you mean …?")',
    why: 'no name or key is half as long, and the cost of guessing grows with the square',
  },
  guessedSites: {
    most: 100,
    what: 'names of unknown sites in a plan that get a guess',
    why: 'a screen shows no more, and each is compared with every site',
  },
  quotedLetters: {
    most: 80,
    what: 'characters of a text that a message quotes',
    why: 'the longest IPv6 prefix with its quotes has half of that; a message is read on one line',
  },
  messageLetters: {
    most: 2000,
    what: 'characters of a message or a hint',
    why: 'the longest that names everything it concerns has a quarter of that',
  },
  selectors: {
    most: 20_000,
    what: 'pairs of a local and a remote prefix that one gateway encrypts, for checking whether packets pass',
    why: 'a hub of ten thousand tunnels with two subnets has as many; checking them takes a gigabyte and a half',
  },
  writtenSelectors: {
    most: 40_000,
    what: 'pairs of a subnet of a site and one of its peers for which one gateway is written',
    why: 'a hub of four hundred sites with ten subnets each, and ten of its own, has as many; 300 subnets towards 300 are 90,000, and 77 megabytes of text, which no gateway accepts',
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
    what: 'pieces into which the rules before it cut the packets of one rule',
    why: 'each rule multiplies them, and people read what is left of one rule',
  },
  subtractions: {
    most: 200_000,
    what: 'such cuts in one check of a gateway',
    why: 'each may multiply the pieces; rules that do not meet need none',
  },
  calledSets: {
    most: 2000,
    what: 'parts of sets of filters that are called from others, in one search for rules that never decide',
    why: 'sets that call each other multiply',
  },
  findingsOfACode: {
    most: 1000,
    what: 'findings of one code in one document or verification',
    why: 'nobody reads more of one kind; their number is given',
  },
})
