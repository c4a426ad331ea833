/**
 * Runs a task; `cost`: how many times the processor time of a fixed loop of about ten milliseconds it took. What else the machine does counts
 * for neither, as it would with a clock.
 */
export function measured<T>(task: () => T): { readonly result: T; readonly cost: number } {
  const loops = [1, 2, 3].map(() => timed(loop).time)
  const { result, time } = timed(task)
  return { result, cost: time / Math.min(...loops) }
}

/** `time`: microseconds of the processor. */
function timed<T>(task: () => T): { readonly result: T; readonly time: number } {
  const start = process.cpuUsage()
  const result = task()
  const { user, system } = process.cpuUsage(start)
  return { result, time: user + system }
}

function loop(): void {
  let hash = 0
  for (let count = 0; count < 7_500_000; count++) hash = Math.imul(hash ^ count, 0x0100_0193)
  if (hash === 1) throw new Error('no loop ends so')
}
