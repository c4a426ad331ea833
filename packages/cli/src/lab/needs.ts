import { NatplanError } from '@natplan/core'
import { findDaemon } from './gateway.ts'
import { findProgram, runProgram } from './programs.ts'

/** The Debian package of each program that a lab needs. */
const packages: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  mount: 'mount',
  nft: 'nftables',
  nsenter: 'util-linux',
  ping: 'iputils-ping',
  setpriv: 'util-linux',
  swanctl: 'strongswan-swanctl',
  unshare: 'util-linux',
}

/** Programs that a lab needs and this machine has not, with what to install. */
function lacksPrograms(): string[] {
  const missing = Object.keys(packages).filter((name) => findProgram(name) === undefined)
  const named = missing.map((name) => `program ${name} (Debian package ${packages[name]})`)
  return findDaemon() ? named : [...named, 'the daemon of strongSwan (Debian package charon-systemd)']
}

/** What a tunnel of natplan's usual proposal needs of the kernel; the addresses are of documentation (RFC 5737). */
const state = [
  'xfrm',
  'state',
  'add',
  'src',
  '192.0.2.1',
  'dst',
  '192.0.2.2',
  'proto',
  'esp',
  'spi',
  '0x100',
  'mode',
  'tunnel',
]
const cipher = ['aead', 'rfc4106(gcm(aes))', `0x${'11'.repeat(36)}`, '128']

/** What the kernel says to an ESP state in a network of its own, or `undefined` when it takes it. */
export async function lacksEsp(): Promise<string | undefined> {
  const { status, stderr } = await runProgram(['unshare', '--net', 'ip', ...state, ...cipher])
  return status === 0 ? undefined : stderr.trim()
}

/**
 * Refuses where a lab cannot be built, with everything that is lacking.
 * @throws NatplanError LAB_IMPOSSIBLE
 */
export async function requireLab(): Promise<void> {
  if (process.platform !== 'linux') {
    throw impossible('a lab is made of Linux network namespaces', 'run natplan in a Linux virtual machine')
  }
  requireRoot()
  const missing = lacksPrograms()
  if (missing.length > 0) throw impossible(`this machine lacks ${missing.join(', ')}`, 'install what is named')
  const reason = await lacksEsp()
  if (reason !== undefined) {
    const hint =
      'try "modprobe esp4"; a kernel built without INET_ESP has none: use a virtual machine with the kernel of a distribution'
    throw impossible(`the kernel of this machine has no ESP, which tunnels are made of (${reason})`, hint)
  }
}

/**
 * Refuses where namespaces cannot be entered.
 * @throws NatplanError LAB_IMPOSSIBLE
 */
export function requireRoot(): void {
  if (process.getuid?.() === 0) return
  throw impossible(
    'a lab needs root, for network namespaces',
    'run it with sudo; it touches nothing outside its namespaces',
  )
}

function impossible(message: string, hint: string): NatplanError {
  return new NatplanError('LAB_IMPOSSIBLE', message, { hint })
}
