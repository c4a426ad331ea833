import { type ChildProcess, spawn } from 'node:child_process'
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { root } from '../../support/command.ts'
import { program as pathOf } from '../../support/require.ts'
import { archive, directoryMode, fileMode } from './archive.ts'
import { guestImage } from './guest-image.ts'
import type { GuestKernel } from './guest-kernel.ts'

/**
 * A virtual machine with the software CPU: slow, but the same everywhere. It has no disk and no network card. What a processor of 2008 cannot do,
 * libraries do not try: wide registers in software cost an eighth of the time.
 */
const machine = [
  ...['-accel', 'tcg,thread=multi', '-cpu', 'Nehalem', '-smp', '2', '-m', '1536'],
  ...['-nodefaults', '-nic', 'none', '-display', 'none', '-no-reboot'],
]

export interface GuestProgram {
  /** Beside this file. */
  readonly file: string
  /** What the program finds in /natplan/input. */
  readonly input?: string
}

/** Starts a guest that runs a program, and hands over each line that the program writes; resolves when the guest is off. */
export async function runGuest(
  kernel: GuestKernel,
  program: GuestProgram,
  heard: (line: string) => void,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'natplan-guest-'))
  try {
    const image = join(folder, 'image')
    await assemble(kernel, { program, image })
    const log = join(folder, 'console')
    const ports = ['-serial', `file:${log}`, '-serial', 'stdio']
    const boot = [
      '-kernel',
      kernel.image,
      '-initrd',
      image,
      '-append',
      'console=ttyS0 panic=-1 quiet mitigations=off no5lvl',
    ]
    const command = ['--pdeathsig', 'KILL', pathOf('qemu-system-x86_64'), ...machine, ...ports, ...boot]
    const child = spawn(pathOf('setpriv'), command, { stdio: ['ignore', 'pipe', 'pipe'] })
    const last = await listen(child, heard)
    if (last !== endLine) throw new Error(`the guest ended early\n${readFileSync(log, 'utf8').slice(-4000)}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What a guest writes last. */
const endLine = 'end'

function listen(child: ChildProcess, heard: (line: string) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    let last = ''
    if (child.stdout) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        last = line.trim()
        if (last.startsWith('{')) heard(last)
      })
    }
    child.once('error', reject)
    child.once('close', () => resolve(last))
  })
}

/** Two archives, one behind the other: what is kept, and what is new each time. */
async function assemble(
  kernel: GuestKernel,
  { program: { file, input = '' }, image }: { readonly program: GuestProgram; readonly image: string },
): Promise<void> {
  const built = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    write: false,
    logLevel: 'warning',
  })
  const dist = join(root, 'packages/cli/dist')
  const sources = [
    ['natplan/natplan.cjs', join(dist, 'natplan.cjs')],
    ['natplan/lists.cjs', join(dist, 'lists.cjs')],
    ['natplan/main.cjs', join(dist, 'main.cjs')],
    ['natplan/more.cjs', join(dist, 'more.cjs')],
    ['natplan/rest.cjs', join(dist, 'rest.cjs')],
    ['natplan/natplan.yaml', join(root, 'examples/acceptance/natplan.yaml')],
  ] as const
  const entries = [
    { path: 'natplan', mode: directoryMode, data: Buffer.alloc(0) },
    { path: 'natplan/input', mode: fileMode, data: Buffer.from(input) },
    { path: 'guest.cjs', mode: fileMode, data: built.outputFiles[0]?.contents ?? Buffer.alloc(0) },
    ...sources.map(([path, source]) => ({ path, mode: fileMode, data: readFileSync(source) })),
  ]
  await pipeline(createReadStream(guestImage(kernel)), createWriteStream(image))
  writeFileSync(image, archive(entries), { flag: 'a' })
}
