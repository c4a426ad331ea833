import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until a condition holds, for half a minute at most; reports whether it does. */
export async function settled(condition: () => boolean): Promise<boolean> {
  for (let times = 0; times < 1500; times++) {
    if (condition()) return true
    await sleep(20)
  }
  return false
}
