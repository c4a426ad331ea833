import {
  type Derivation,
  derivePolicies,
  emptyLock,
  type Lock,
  normalize,
  type Plan,
  planNetwork,
  type WrittenNetwork,
} from '@natplan/core'

export type Written = Omit<WrittenNetwork, 'version'>

/** Plans a network and derives its policies; a finding that leaves no plan ends the test. */
export function derive(written: Written, lock: Lock = emptyLock): Derivation {
  return derivePolicies(planOf(written, lock))
}

/** Plans a network; a finding that leaves no plan ends the test. */
export function planOf(written: Written, lock: Lock = emptyLock): Plan {
  const { value, findings: shape } = normalize({ version: 1, ...written })
  if (!value) throw new Error(shape.map(({ code, message }) => `${code} ${message}`).join('\n'))
  const { plan, findings } = planNetwork(value, lock)
  if (!plan) throw new Error(findings.map(({ code, message }) => `${code} ${message}`).join('\n'))
  return plan
}
