import { setFlagsFromString } from 'node:v8'

/** By the main version of V8: Node.js 20 has 11, 22 has 12, 24 has 13. Another one may not know the flag, and would say so. */
const flags: Readonly<Record<string, string>> = {
  11: '--interrupt-budget=1000000',
  12: '--invocation-count-for-turbofan=20000',
  13: '--invocation-count-for-turbofan=20000',
}

/**
 * Lets V8 optimize functions later than it does by itself. What judges hundreds of gateways goes through much code a few hundred times; V8 would
 * optimize a good deal of it that hardly runs again, on the processor that the run needs. docs/decisions/0010-speed.md has the numbers.
 */
export function optimizeLater(): void {
  const flag = flags[process.versions.v8.split('.')[0] ?? '']
  if (flag !== undefined) setFlagsFromString(flag)
}
