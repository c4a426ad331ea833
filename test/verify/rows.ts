import { Prefix } from '@natplan/core'
import { expect, it } from 'vitest'
import { type Changes, child, codesIn, gateways, interfaceOf, real } from './gateways.ts'

/** A change at the gateway of a, and perhaps of b, with all codes that are found then. */
export type Row = readonly [why: string, a: Changes, codes: readonly string[], b?: Changes]

/** One test for each row. */
export function itFinds(rows: readonly Row[]): void {
  it.each(rows.map(([why, a, codes, b = {}]) => ({ why, a, codes, b })))('$why', ({ a, codes, b }) => {
    expect(codesIn(gateways(a, b))).toEqual([...codes].sort())
  })
}

/** A tunnel between the real networks: a has 10.1.0.0/24, b 10.2.0.0/24. */
export function untranslated(source: NonNullable<Changes['source']>): Changes {
  return { source, destination: [], children: [child(real, '10.2.0.0/24')] }
}

/** The other end of `untranslated`. */
export const mirrored: Changes = {
  source: [],
  destination: [],
  children: [child('10.2.0.0/24', real)],
  interfaces: [interfaceOf('eth0', '10.2.0.1/24'), interfaceOf('eth1', '192.0.2.2/24')],
  site: { subnets: [Prefix.parse('10.2.0.0/24')] },
}
