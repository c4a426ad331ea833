import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { mark } from './hold.ts'
import { Machine } from './machine.ts'

/** A process of a lab, as /proc shows it. */
interface LabProcess {
  readonly pid: number
  readonly lab: string
  /** `undefined` for the first process of a lab and the one above it. */
  readonly machine: string | undefined
}

/** A lab that runs: all that is left of it may be some of its processes. */
export interface FoundLab {
  readonly name: string
  /** The first process and the one above it, which ends with it and the other way round. */
  readonly roots: readonly number[]
  readonly machines: ReadonlyMap<string, Machine>
  /** Every process by which it was found. */
  readonly pids: readonly number[]
}

/** The labs on this machine, by name, found by the command lines of the processes that hold them. */
export function findLabs(): FoundLab[] {
  if (process.platform !== 'linux') return []
  const found = readdirSync('/proc').flatMap((entry) => (/^[0-9]+$/.test(entry) ? labProcess(Number(entry)) : []))
  const names = [...new Set(found.map(({ lab }) => lab))].sort()
  return names.map((name) => {
    const own = found.filter(({ lab }) => lab === name)
    const roots = own.filter(({ machine }) => machine === undefined).map(({ pid }) => pid)
    const machines = own.flatMap(({ machine, pid }) =>
      machine === undefined ? [] : [[machine, new Machine(machine, pid)] as const],
    )
    return { name, roots, machines: new Map(machines), pids: own.map(({ pid }) => pid) }
  })
}

/** Programs that hold a lab; others that have the mark on their command line, such as an editor, are not of it. */
const holders = /(^|\/)(sh|unshare)$/

function labProcess(pid: number): LabProcess[] {
  const [program = '', ...args] = commandLine(pid)
  if (!holders.test(program)) return []
  const marked = args.find((arg) => arg.startsWith(`${mark}:`))
  const [, lab, machine] = /^[^:]+:([^:]+)(?::(.+))?$/.exec(marked ?? '') ?? []
  return lab === undefined ? [] : [{ pid, lab, machine }]
}

function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1)
  } catch {
    return []
  }
}

/** Ends a lab and waits until nothing of it is left. */
export async function endLab(name: string): Promise<void> {
  for (let times = 0; times < 500; times++) {
    const lab = findLabs().find((one) => one.name === name)
    if (!lab) return
    if (times % 50 === 0) for (const pid of lab.pids) kill(pid)
    await sleep(10)
  }
  throw new Error(`the lab ${name} does not end`)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It is gone, which is what was wanted.
  }
}
