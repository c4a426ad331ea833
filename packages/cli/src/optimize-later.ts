interface Threshold {
  readonly flag: string
  readonly later: number
  /** As V8 has it by itself. */
  readonly usual: number
}

/**
 * By the main version of V8: Node.js 20 has 11, 22 has 12. That of 24 takes no compiled code that was kept after any flag had changed, and one
 * that does not know the flag would say so.
 */
const thresholds: Readonly<Record<string, Threshold>> = {
  11: { flag: '--interrupt-budget', later: 1_000_000, usual: 67_584 },
  12: { flag: '--invocation-count-for-turbofan', later: 20_000, usual: 3_000 },
}

/** From here on a run is long enough to be worth it. */
const many = 50

/**
 * Lets V8 optimize functions later than it does by itself, where there are many gateways: through most code such a run goes some hundred times, and
 * what V8 optimizes of it hardly runs again (docs/decisions/0010-long-runs.md). At the end everything is as usual, since V8 takes no compiled
 * code that was kept under other flags.
 */
export function optimizeLater(gateways: number): void {
  const threshold = thresholds[process.versions.v8.split('.')[0] ?? '']
  if (gateways < many || threshold === undefined) return
  const { flag, later, usual } = threshold
  // Loaded where it is needed, for it takes two milliseconds.
  const { setFlagsFromString } = process.getBuiltinModule('node:v8')
  setFlagsFromString(`${flag}=${later}`)
  process.prependOnceListener('exit', () => setFlagsFromString(`${flag}=${usual}`))
}
