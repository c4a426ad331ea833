import { writtenLock } from '../allocation/written-lock.ts'
import { writtenNetwork, writtenPlan } from './written.ts'
import { readableInclude } from './written-include.ts'

// Functions only, past which no other module asks for a schema: the command loads the schemas, and what they are made of, when one of these is
// called, which for a plan without faults none is.

export function networkSchema(): typeof writtenNetwork {
  return writtenNetwork
}

export function planSchema(): ReturnType<typeof writtenPlan> {
  return writtenPlan()
}

export function lockSchema(): typeof writtenLock {
  return writtenLock
}

export function includeSchema(): typeof readableInclude {
  return readableInclude
}
