import { rmSync } from 'node:fs'
import type { GatewayPolicy } from '@natplan/core'
import { platformModule, type Secret, type Texts } from '@natplan/templates'
import { type Machine, ownFolder } from './machine.ts'
import { findProgram, isExecutable, type Ran } from './programs.ts'
import { settled } from './settled.ts'

/** The files of a Linux gateway that a packet's way depends on. */
export interface GatewayTexts {
  /** natplan.nft */
  readonly ruleset: string
  /** natplan-connections.conf */
  readonly connections: string
}

/** Where Debian, Fedora and Arch have strongSwan's daemon, the one that systemd starts first. */
const daemons = [
  '/usr/lib/ipsec/charon',
  '/usr/libexec/ipsec/charon',
  '/usr/libexec/strongswan/charon',
  '/usr/lib/strongswan/charon',
]

/** Returns the path of strongSwan's daemon, or `undefined` where there is none. */
export function findDaemon(): string | undefined {
  return findProgram('charon-systemd') ?? daemons.find(isExecutable)
}

const daemonName = 'charon'

/** Where swanctl talks to the daemon. */
const socket = '/run/charon.vici'

/**
 * The daemon's settings in a lab, beside the machine's own of its plugins. A message without an answer is sent again after a second
 * rather than after four, and given up after half a minute rather than after three, so that a lab shows its state soon.
 */
const daemonSettings = `charon {
  load_modular = yes
  plugins {
    include strongswan.d/charon/*.conf
  }
  retransmit_timeout = 1.0
  retransmit_base = 1.4
  retransmit_tries = 6
  filelog {
    stderr {
      default = 1
    }
  }
}
# Without the plugins for certificates, of which a lab has none, it starts in a quarter of the time.
swanctl {
  load = random nonce
}
`

/** Starts strongSwan on a gateway, without connections, and waits until it answers. */
export async function startDaemon(machine: Machine): Promise<void> {
  machine.writeText('/etc/strongswan.conf', daemonSettings)
  machine.writeText('/etc/swanctl/swanctl.conf', 'include conf.d/*.conf\n')
  await wakeDaemon(machine)
}

/** Starts the daemon again on a gateway where it has ended; what it is to do is in its files. */
export async function wakeDaemon(machine: Machine): Promise<void> {
  rmSync(machine.path(socket), { force: true })
  await machine.start(daemonName, [findDaemon() ?? 'charon-systemd'])
  const isUp = () => machine.has(socket) || !machine.signal(daemonName, 0)
  await settled(isUp)
  if (machine.has(socket)) return
  throw new Error(`strongSwan does not start on ${machine.name}:\n${machine.log(daemonName)}`)
}

/** Ends the daemon: SIGTERM takes its policies out of the kernel, SIGKILL leaves them there. */
export async function endDaemon(machine: Machine, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  machine.signal(daemonName, signal)
  await settled(() => !machine.signal(daemonName, 0))
}

/** Renders what natplan writes for a gateway. */
export function renderGateway(policy: GatewayPolicy, secrets: ReadonlyMap<string, Secret>): Texts {
  const { texts, findings } = platformModule('linux')?.render(policy, { secrets }) ?? {}
  if (texts) return texts
  throw new Error(`nothing is rendered for ${policy.site}: ${findings?.map(({ message }) => message).join('; ')}`)
}

type Kind = 'configure' | 'remove'

function scriptFile(kind: Kind): string {
  return `${ownFolder}/${kind}.sh`
}

/** Lays down the scripts that natplan makes of a gateway's texts. */
export function writeScripts(machine: Machine, texts: Texts): void {
  const module = platformModule('linux')
  for (const kind of ['configure', 'remove'] as const) {
    machine.writeText(scriptFile(kind), module?.script(texts[kind], kind) ?? '', 0o700)
  }
}

/** Runs one of them, as an administrator would. */
export async function runScript(machine: Machine, kind: Kind): Promise<void> {
  await machine.run(['sh', scriptFile(kind)])
}

/** Puts other texts into force without a restart: tunnels end, flows that are known go on as they are. */
export async function replaceTexts(machine: Machine, { ruleset, connections }: GatewayTexts): Promise<Ran> {
  machine.writeText('/etc/natplan/natplan.nft', ruleset)
  machine.writeText('/etc/swanctl/conf.d/natplan-connections.conf', connections)
  const loaded = await machine.attempt(['nft', '--file', '/etc/natplan/natplan.nft'])
  if (loaded.status !== 0) return loaded
  await endTunnels(machine)
  return machine.attempt(['swanctl', '--load-conns'])
}

/** Ends every tunnel of a gateway; traps stay. */
export async function endTunnels(machine: Machine): Promise<void> {
  for (const name of await connectionNames(machine)) {
    await machine.attempt(['swanctl', '--terminate', '--force', '--ike', name, '--timeout', '5'])
  }
}

/** Brings up every tunnel of a gateway, pair by pair; one that does not come up is no error. */
export async function startTunnels(machine: Machine, timeout: number): Promise<void> {
  for (const child of await childNames(machine)) {
    await machine.attempt(['swanctl', '--initiate', '--child', child, '--timeout', String(timeout)])
  }
}

/** What swanctl lists begins with `NAME:`, a child's line after two blanks. */
async function connectionNames(machine: Machine): Promise<string[]> {
  const text = await machine.run(['swanctl', '--list-conns'])
  return [...text.matchAll(/^([A-Za-z0-9_-]+): /gm)].flatMap(([, name]) => name ?? [])
}

async function childNames(machine: Machine): Promise<string[]> {
  const text = await machine.run(['swanctl', '--list-conns'])
  return [...text.matchAll(/^ {2}([A-Za-z0-9_-]+): (?:TUNNEL|TRANSPORT)/gm)].flatMap(([, name]) => name ?? [])
}
