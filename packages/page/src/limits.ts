import { limitsOf } from '@natplan/core'

/** The bounds of the page on what it takes. */
export const limits = limitsOf({
  plannedLines: {
    most: 2000,
    what: 'lines of two lists that the page makes a plan of',
    why: 'nobody plans a site of so many subnets; more are compared, as `natplan overlaps` does',
  },
  fileBytes: {
    most: 50_000_000,
    what: 'bytes of a file that is opened in or dropped on the page',
    why: 'a browser shows no longer text to edit',
  },
  linkLetters: {
    most: 2_000_000,
    what: 'characters of what a link carries, unpacked',
    why: 'no plan that somebody sent is longer, and a few letters could unpack to fill the memory',
  },
  markedLetters: {
    most: 200_000,
    what: 'characters of a text that the page underlines or colours',
    why: 'it is drawn a second time for that, at each key',
  },
  fieldLetters: {
    most: 200_000,
    what: 'characters of a text that comes in one go and stands in a field as a whole',
    why: 'a browser lays out each line of a field at once, 50,000 lines in seconds; of longer texts the begin is shown until somebody wants to edit them',
  },
  typedLetters: {
    most: 10_000,
    what: 'characters that a text grows by while somebody types',
    why: 'what is more came in one go',
  },
  drawnRows: {
    most: 300,
    what: 'rows of a table that the page draws before it is asked for all',
    why: 'a thousand take longer to draw than to compute',
  },
})
