import { deepEqual } from 'node:assert/strict'
import type { Lab } from '../../../../packages/cli/src/lab/lab.ts'
import { type LabPacket, sendPackets } from '../../../../packages/cli/src/lab/packets.ts'
import type { Written } from '../../../support/policies.ts'

/** A network whose tunnels have one form, and what must hold there. */
export interface Form {
  readonly name: string
  readonly written: Written
  /** Calls beside those of `natplan lab check` that are answered. */
  readonly answered: readonly LabPacket[]
  /** In the order in which they run. */
  readonly steps: readonly Step[]
}

export interface Step {
  readonly name: string
  /** Returns what was measured, if anything. */
  run(lab: Lab, form: Form): Promise<string> | Promise<void>
}

/** A Linux gateway at an address. */
export function gateway(address: string) {
  return { platform: 'linux', outside: { interface: 'eth1', address }, inside: { interface: 'eth0' } } as const
}

/** Milliseconds: for packets that are answered, and for those that are not. */
export const patient = 60_000
export const brief = 2000

/** Sends packets and wants all of them answered, or none, and nothing in clear. */
export async function expectAnswers(lab: Lab, packets: readonly LabPacket[], isAnswered: boolean): Promise<void> {
  const fates = await sendPackets(lab, packets, { timeout: isAnswered ? patient : brief })
  deepEqual(
    fates.flatMap((fate, index) => (fate.answered === isAnswered ? [] : [{ packet: packets[index], fate }])),
    [],
  )
  await expectNothingInClear(lab)
}

/** Since all was forgotten, which is when packets were sent. */
async function expectNothingInClear(lab: Lab): Promise<void> {
  deepEqual((await lab.see('internet')).clear, [])
}

/** Waits for packets until each is answered, and says how long that took. */
export async function measure(lab: Lab, packets: readonly LabPacket[], what: string): Promise<string> {
  const start = performance.now()
  const fates = await sendPackets(lab, packets, { timeout: longestBreak })
  const seconds = Math.round((performance.now() - start) / 100) / 10
  deepEqual(
    fates.flatMap((fate, index) => (fate.answered ? [] : [{ packet: packets[index], fate }])),
    [],
  )
  await expectNothingInClear(lab)
  return `${what}: answered after ${seconds} s`
}

/** Milliseconds until a tunnel that is lost has another way. */
const longestBreak = 60_000
