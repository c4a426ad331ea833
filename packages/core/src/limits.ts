/** A bound of natplan, and why it is where it is: what people write stays far below it. */
export interface Limit {
  readonly most: number
  readonly what: string
  readonly why: string
}

/** All bounds of the core on what it takes and says. */
export const limits = {
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
    what: 'pairs of a local and a remote prefix that one gateway encrypts, in a plan or in a configuration',
    why: 'a hub of a thousand tunnels has as many; 300 subnets towards 300 are 90,000, which no gateway takes and which take a gibibyte to look at',
  },
  findingsOfACode: {
    most: 1000,
    what: 'findings of one code in one document or verification',
    why: 'nobody reads more of a kind; their number is told',
  },
} as const satisfies Record<string, Limit>
