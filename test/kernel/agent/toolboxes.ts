import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { program } from '../../support/require.ts'

/** A shell and the programs it finds: what an image is, as far as the agent can tell. */
export interface Toolbox {
  readonly name: string
  readonly ip: 'busybox' | 'iproute2'
  readonly shell: readonly string[]
  /** Everything the agent may call, so that a test fails when it calls anything else. */
  readonly programs: readonly string[]
}

const programs = ['awk', 'ip', 'mkdir', 'mv', 'rm', 'sha256sum', 'sleep', 'tr']
const shells = { ash: ['busybox', 'sh'], dash: ['dash'], bash: ['bash'] } as const

export const toolboxes: readonly Toolbox[] = (['busybox', 'iproute2'] as const).flatMap((ip) =>
  Object.entries(shells).map(([shell, command]) => ({ name: `${shell} with ${ip}`, ip, shell: command, programs })),
)

/** The programs that every test of the agent needs. */
export const needed = ['busybox', 'dash', 'bash'] as const

function named(...names: readonly string[]): readonly Toolbox[] {
  return toolboxes.filter(({ name }) => names.includes(name))
}

/** One toolbox of each kind of `ip`, each with another shell and another awk. */
export const bothTools = named('ash with busybox', 'dash with iproute2')

/** The same, and bash with both. */
export const everyShell = named('ash with busybox', 'dash with iproute2', 'bash with busybox', 'bash with iproute2')

/** Fills a folder with a toolbox's programs and returns the command line of its shell. */
export function unpack(toolbox: Toolbox, folder: string): string[] {
  mkdirSync(folder)
  for (const name of toolbox.programs) {
    symlinkSync(program(toolbox.ip === 'busybox' ? 'busybox' : name), join(folder, name))
  }
  const [shell = 'sh', ...applet] = toolbox.shell
  return [program(shell), ...applet]
}
