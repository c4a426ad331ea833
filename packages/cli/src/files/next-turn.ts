/** Milliseconds. */
const longestTurn = 50

let begun = performance.now()

/** Signals, and readers that went away, are noticed between two turns of the event loop. */
export async function nextTurn(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve))
  begun = performance.now()
}

/** Waits for the next turn where the last one was so long ago that somebody who presses Ctrl-C would wonder. */
export async function turnInTime(): Promise<void> {
  if (performance.now() - begun > longestTurn) await nextTurn()
}
