import {
  emptyLock,
  type Lock,
  normalize,
  type Plan,
  type Planning,
  planNetwork,
  readLock,
  type WrittenNetwork,
  writeLock,
} from '@natplan/core'
import { expect } from 'vitest'
import { parse } from 'yaml'
import type { Expectation } from './oracle.ts'
import { type Part, partOf } from './universe.ts'

export function planOf(written: WrittenNetwork, lock: Lock = emptyLock): Planning {
  const { value, findings } = normalize(written)
  if (!value) throw new Error(findings.map(({ code, message }) => `${code} ${message}`).join('\n'))
  return planNetwork(value, lock)
}

export function errorsOf({ findings }: Planning): Set<string> {
  return new Set(findings.filter(({ severity }) => severity === 'error').map(({ code }) => code))
}

/** A mapping in plain texts; a subnet is named by `site prefix`. */
export interface Face {
  readonly name: string
  readonly real: string
  readonly translated: string
  readonly peers: ReadonlySet<string>
}

export function facesOf(plan: Plan): Face[] {
  return plan.mappings.map(({ site, real, translated, translatedFor }) => ({
    name: `${site} ${real}`,
    real: String(real),
    translated: String(translated),
    peers: new Set(translatedFor === 'all' ? plan.peers.of(site) : translatedFor),
  }))
}

/** The lock as it comes back from a file. */
export function throughFile(lock: Lock): Lock {
  const { value, findings } = readLock(parse(writeLock(lock)))
  if (!value) throw new Error(findings.map(({ code, message }) => `${code} ${message}`).join('\n'))
  return value
}

export interface Step {
  readonly written: WrittenNetwork
  /** The lock that this step began with. */
  readonly lock: Lock
  readonly planning: Planning
  /** The latest plan before this one. */
  readonly before: Plan | undefined
}

/** Plans the states of a network one after the other; each plan begins with the lock of the one before. */
export function history(whole: WrittenNetwork, parts: readonly Part[]): Step[] {
  const steps: Step[] = []
  let before: Plan | undefined
  for (const part of parts) {
    const written = partOf(whole, part)
    const lock = before?.lock ?? emptyLock
    const planning = planOf(written, lock)
    steps.push({ written, lock, planning, before })
    before = planning.plan ?? before
  }
  return steps
}

/** Codes of which one prefix in the wrong place can cause several; planning names some of them at once, not each pair. */
const clashes = ['PIN_COLLIDES', 'LOCK_COLLIDES', 'LOCK_SHARED_PREFIX']

/** Asserts that a planning came to what the oracle expects. */
export function agree(planning: Planning, expected: Expectation): void {
  const errors = errorsOf(planning)
  const sorted = (codes: ReadonlySet<string>) => [...codes].filter((code) => !clashes.includes(code)).sort()
  const clash = (codes: ReadonlySet<string>) => clashes.some((code) => codes.has(code))
  expect(sorted(errors)).toEqual(sorted(expected.errors))
  expect(clash(errors)).toBe(clash(expected.errors))
  expect([...errors].filter((code) => !expected.errors.has(code as never))).toEqual([])
  if (!planning.plan) return
  const faces = facesOf(planning.plan)
  expect(new Map(faces.map(({ name, peers }) => [name, peers]))).toEqual(expected.translatedFor)
  expect(new Map(faces.map(({ name, translated }) => [name, translated]))).toEqual(expected.translated)
}
