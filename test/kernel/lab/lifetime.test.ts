import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import { endLab, findLabs } from '../../../packages/cli/src/lab/find-labs.ts'
import { holdMachines } from '../../../packages/cli/src/lab/hold.ts'
import { settled } from '../../../packages/cli/src/lab/settled.ts'
import { requireKernel } from '../../support/require.ts'

const name = `lifetime-${process.pid}`
const machines = ['one', 'other']

function spaceOf(pid: number | string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`)
  } catch {
    return undefined
  }
}

/** The processes in the networks of a lab, wherever they were started. */
function processesIn(spaces: ReadonlySet<string | undefined>): string[] {
  return readdirSync('/proc').filter((entry) => /^[0-9]+$/.test(entry) && spaces.has(spaceOf(entry) ?? 'none'))
}

requireKernel('mount', 'setpriv')('the machines of a laboratory', () => {
  afterEach(() => endLab(name))

  it('have networks, /run and /etc of their own, and are found by their name', async () => {
    const { machines: held } = await holdMachines({ name, machines, outlive: true })
    const [one, other] = [held.get('one'), held.get('other')]
    one?.writeText('/run/here', 'one')
    await one?.run(['sh', '-c', 'echo changed >/etc/natplan-lab-test'])
    expect(other?.has('/run/here')).toBe(false)
    expect(other?.has('/etc/natplan-lab-test')).toBe(false)
    expect(readdirSync('/etc')).not.toContain('natplan-lab-test')
    expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain('natplan-lab')
    expect(new Set([spaceOf('self'), spaceOf(one?.pid ?? 0), spaceOf(other?.pid ?? 0)]).size).toBe(3)
    const found = findLabs().find((lab) => lab.name === name)
    expect([...(found?.machines.keys() ?? [])].sort()).toEqual(machines)
  })

  it.each([
    ['a machine', (pids: readonly number[]) => pids.slice(-1)],
    ['the first process', (pids: readonly number[]) => pids.slice(1, 2)],
    ['what is above it', (pids: readonly number[]) => pids.slice(0, 1)],
    ['nothing', () => []],
  ])('leave nothing behind after kill -9 of %s', async (_, choose) => {
    const { machines: held } = await holdMachines({ name, machines, outlive: true })
    const spaces = new Set([...held.values()].map(({ pid }) => spaceOf(pid)))
    await held.get('one')?.start('program', ['sleep', 'infinity'])
    expect(processesIn(spaces).length).toBeGreaterThan(machines.length)
    const pids = findLabs().find((lab) => lab.name === name)?.pids ?? []
    for (const pid of choose(pids)) process.kill(pid, 'SIGKILL')
    await endLab(name)
    expect(findLabs().filter((lab) => lab.name === name)).toEqual([])
    expect(await settled(() => processesIn(spaces).length === 0)).toBe(true)
  })

  it('end with the process that made them unless they shall outlive it', async () => {
    const { pid } = await holdMachines({ name, machines, outlive: false })
    process.kill(pid, 'SIGKILL')
    expect(await settled(() => !findLabs().some((lab) => lab.name === name))).toBe(true)
  })

  it('are not mistaken for a program that has the mark on its command line', async () => {
    const other = spawn('sleep', ['infinity'], { argv0: `natplan-lab:${name}` })
    expect(findLabs().filter((lab) => lab.name === name)).toEqual([])
    other.kill('SIGKILL')
  })
})
