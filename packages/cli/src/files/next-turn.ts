/** Signals, and readers that went away, are noticed between two turns of the event loop. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
