import {
  type Accept,
  type Address,
  type Device,
  type Finding,
  findingOf,
  type GatewayPolicy,
  hasErrors,
  inConfig,
  isSameMatch,
  matchOfAccept,
  ownPrefix,
  Prefix,
  type TunnelPolicy,
} from '@natplan/core'
import type { Difference, DiffOptions, KeyOutcome, Operation, Shares } from '../../difference.ts'
import { firewallAccepts } from '../../firewall-texts.ts'
import { notCompared, outcomeOf } from '../../key-outcome.ts'
import type { AcceptLines } from '../../platform.ts'
import { renderTemplates } from '../../render-templates.ts'
import { Secret } from '../../secret.ts'
import { acceptLines, commentOf, removeLine } from './accept-lines.ts'
import { firewallForm } from './firewall-form.ts'
import { marks } from './marks.ts'
import { ownLines } from './own-lines.ts'
import { ownRules } from './own-rules.ts'
import type { Block } from './read-blocks.ts'
import { readDevice } from './read-device.ts'
import {
  allFiles,
  callFiles,
  type File,
  networkFiles,
  type Parts,
  renderParts,
  ruleset,
  writeCommand,
} from './render.ts'
import { needsScript } from './routed-view.ts'
import { linesOf, type Sorted, sharesOf, sortBlocks } from './shares.ts'
import { templates } from './templates.generated.ts'

export function split(text: string): Shares {
  return sharesOf(sortBlocks(text), text)
}

/** Stands for every key while texts are compared, so that none of natplan's commands says that a key is missing. */
const standIn = new Secret('a-key-that-is-shown-nowhere')

/**
 * What to replace on a Linux gateway: its files are natplan's as a whole, so a file is replaced when what the gateway shows of it differs.
 * NAT and guards come first, as when it is configured for the first time. The unit file is in no such text; it is written with the first table,
 * and the kernel settings with every table that is replaced, unless the text shows them.
 */
export function diff(text: string, policy: GatewayPolicy, options: DiffOptions): Difference {
  const there = sortBlocks(text)
  const secrets = new Map(keyed(policy).map(({ peer }): [string, Secret] => [peer, standIn]))
  const { parts, findings } = renderParts(policy, { ...options, secrets })
  const found = [...findings, ...foreignInFile(there)]
  if (!parts || hasErrors(found)) return { operations: [], keys: [], findings: found }
  const planned = sortBlocks(`${parts.nftables}${parts.connections}`)
  const keys = keysOf(there, policy, options)
  const tables = tableOperations(there, planned, parts)
  const operations = [
    ...tables,
    ...kernelOperations(text, parts, { isSilenceEnough: tables.length === 0 }),
    ...routedOperations(text, policy, { parts, isSilenceEnough: tables.length === 0 }),
    ...connectionOperations(there, planned, parts),
    ...callOperations(text, { there, planned, parts }),
    ...secretOperations({ there, keys, policy, options }),
    ...plannedOperations(text, firewallAccepts(policy, firewallForm)),
    ...acceptLines(options.accepts ?? []).map(acceptOperation),
  ]
  return {
    operations: [...operations, ...closingOperations(operations, { there, planned, parts })],
    keys,
    findings: [...found, ...notCompared(keys, policy)],
  }
}

/** Rules in chains of others are commands: no file of natplan's holds them. */
function acceptOperation({ accept: { set }, lines }: AcceptLines): Operation {
  const object = { kind: 'rule', name: set.name, change: 'added' } as const
  return { kind: 'run', object, path: ['sh'], reason: 'missing', text: lines.map((line) => `${line}\n`).join('') }
}

/** Chains that the plan names get their rules anew where one is missing, or where one of the same kind is for other packets. */
function plannedOperations(text: string, accepts: readonly Accept[]): Operation[] {
  if (accepts.length === 0) return []
  const own = ownRules(readDevice(text).device)
  const chains = new Set(accepts.flatMap(({ set }) => set.written?.path.join(' ') ?? []))
  return [...chains].flatMap((chain) => {
    const wanted = accepts.filter(({ set }) => set.written?.path.join(' ') === chain)
    const there = own.get(chain) ?? []
    const isThere = (accept: Accept) => {
      const alike = there.filter(({ description }) => description === commentOf(accept))
      return alike.length > 0 && alike.every(({ match }) => isSameMatch(match, matchOfAccept(accept)))
    }
    if (wanted.every(isThere)) return []
    const change = there.length > 0 ? 'changed' : 'added'
    const lines = [removeLine(chain), ...acceptLines(wanted).flatMap((one) => one.lines)]
    const reason = there.length > 0 ? 'differs' : 'missing'
    const object = { kind: 'rule', name: chain, change } as const
    return [{ kind: 'run', object, path: ['sh'], reason, text: lines.map((line) => `${line}\n`).join('') } as const]
  })
}

/** The commands that remove natplan's files, as they stand in the paper that `generate` writes. */
export function takeOff(text: string, site: string, only?: 'filters'): Difference {
  const rules = [...ownRules(readDevice(text).device).keys()].map((chain): Operation => {
    const what = { kind: 'rule', name: chain, change: 'removed' } as const
    return { kind: 'run', object: what, path: ['sh'], reason: 'surplus', text: `${removeLine(chain)}\n` }
  })
  const { table, connections, secrets } = sortBlocks(text)
  const names = [...new Set([...connections.keys(), ...(secrets?.keys() ?? [])])]
  if (only || (!table && names.length === 0)) return { operations: rules, keys: [], findings: [] }
  const peers = names.map((name) => ({ peer: name.slice(ownPrefix.length) }))
  const view = { site, outside: 'the outside interface', tunnels: peers, mark: marks }
  const { texts, findings } = renderTemplates(
    { hush: templates.hush, clear: templates.clear, remove: templates.remove },
    { view },
  )
  const file = fileOf('connections')
  const object = { kind: 'file', name: file.path, change: 'removed' } as const
  const operations: Operation[] = texts
    ? [{ kind: 'run', object, path: ['sh'], reason: 'surplus', text: `${texts.hush}${texts.clear}${texts.remove}` }]
    : []
  return { operations: [...rules, ...operations], keys: [], findings }
}

function tableOperations(there: Sorted, planned: Sorted, parts: Parts): Operation[] {
  const before = there.table && canonical(there.table)
  if (before === (planned.table && canonical(planned.table))) return []
  const path = '/etc/natplan/natplan.nft'
  const commands = `${writeCommand(ruleset, parts.nftables)}${parts.load}`
  if (before !== undefined) return [replace(path, 'differs', commands)]
  const service = fileOf('service')
  return [replace(path, 'missing', commands), replace(service.path, 'missing', writeCommand(service, parts.service))]
}

/** As a file of settings and `sysctl` show it. */
const inboundAddress = /^\s*net\.ipv4\.icmp_errors_use_inbound_ifaddr\s*=\s*(\d+)/gm

function kernelOperations(
  text: string,
  parts: Parts,
  { isSilenceEnough }: { readonly isSilenceEnough: boolean },
): Operation[] {
  const shown = [...text.matchAll(inboundAddress)].at(-1)?.[1]
  if (shown === '1' || (shown === undefined && isSilenceEnough)) return []
  const file = fileOf('kernel')
  const commands = `${writeCommand(file, parts.kernel)}${parts.settings}`
  return [replace(file.path, shown === undefined ? 'missing' : 'differs', commands)]
}

/** Virtual interfaces and routes are compared as far as the text shows them, whether by the script that makes them or as `ip` lists them. */
function routedOperations(
  text: string,
  policy: GatewayPolicy,
  { parts, isSilenceEnough }: { readonly parts: Parts; readonly isSilenceEnough: boolean },
): Operation[] {
  const script = fileOf('interfaces')
  const shown = routedState(text)
  const listed = readDevice(text).device
  const isListed = listed.interfaces.length > 0 || listed.routes.length > 0 || listed.proxyArp !== undefined
  const isShown = [shown.interfaces, shown.routes, shown.proxied].some((list) => list.length > 0)
  if (!needsScript(policy)) {
    const object = { kind: 'file', name: script.path, change: 'removed' } as const
    return isShown ? [{ kind: 'run', object, path: ['sh'], reason: 'surplus', text: parts.clear }] : []
  }
  if (isListed ? isSameState(shown, parts, listed) : isSilenceEnough) return []
  const files = networkFiles(policy).map((file) => writeCommand(file, parts[file.template]))
  return [replace(script.path, isShown ? 'differs' : 'missing', `${files.join('')}${parts.up}`)]
}

interface RoutedState {
  readonly interfaces: readonly string[]
  readonly routes: readonly { readonly table: string; readonly text: string }[]
  readonly proxied: readonly string[]
}

/** What bears natplan's marks, in words that are the same for the same thing. */
function routedState(text: string): RoutedState {
  const own = ownLines(text)
  const { interfaces, routes, proxyArp } = readDevice(linesOf(text, (number) => own.has(number))).device
  return {
    interfaces: interfaces
      .map(({ name, table, addresses }) =>
        [name, table, ...addresses.flatMap((one) => (one.kind === 'known' ? networkText(one) : []))].join(' '),
      )
      .sort(),
    routes: routes
      .map(({ table, prefix, to, distance }) => ({ table, text: JSON.stringify([table, prefix, to, distance]) }))
      .sort((a, b) => (a.text < b.text ? -1 : 1)),
    proxied: (proxyArp?.entries ?? []).map(({ address, interface: port }) => `${port} ${address}`).sort(),
  }
}

const ofLinks = Prefix.parse('fe80::/10')

/** The kernel gives link-local addresses to interfaces by itself. */
function networkText({ address, network }: { readonly address: Address; readonly network: Prefix }): string[] {
  return ofLinks.contains(address) ? [] : [`${address}/${network.length}`]
}

/** Interfaces, and tables, of which nothing at all is listed are not compared; routes that come and go with tunnels may be there or not. */
function isSameState(shown: RoutedState, parts: Parts, listed: Device): boolean {
  const [planned, passing] = [routedState(parts.interfaces), routedState(parts.switching)]
  const tables = new Set(listed.routes.map(({ table }) => table))
  const there = new Set(shown.routes.map(({ text }) => text))
  const wanted = planned.routes.filter(({ table }) => tables.has(table)).map(({ text }) => text)
  const known = new Set([...wanted, ...passing.routes.map(({ text }) => text)])
  const isSameInterfaces = listed.interfaces.length === 0 || String(shown.interfaces) === String(planned.interfaces)
  const isSameProxied = !listed.proxyArp || String(shown.proxied) === String(planned.proxied)
  return (
    isSameInterfaces &&
    isSameProxied &&
    wanted.every((text) => there.has(text)) &&
    [...there].every((text) => known.has(text))
  )
}

function connectionOperations(there: Sorted, planned: Sorted, parts: Parts): Operation[] {
  const texts = ({ connections }: Sorted) => [...connections.values()].map(canonical).sort().join('\n')
  if (texts(there) === texts(planned)) return []
  const file = fileOf('connections')
  const reason = there.connections.size > 0 ? 'differs' : 'missing'
  return [replace(file.path, reason, writeCommand(file, parts.connections))]
}

/** Whose start changes with the connections is called again, or is not any more; otherwise it is compared where the text shows it. */
function callOperations(
  text: string,
  { there, planned, parts }: { readonly there: Sorted; readonly planned: Sorted; readonly parts: Parts },
): Operation[] {
  const [shown, wanted] = [callLines(text), callLines(parts.calls)]
  const isSame = shown.length > 0 ? String(shown) === String(wanted) : callersOf(there) === callersOf(planned)
  const [script] = callFiles
  if (!script || isSame) return []
  if (wanted.length === 0) {
    const object = { kind: 'file', name: script.path, change: 'removed' } as const
    return [{ kind: 'run', object, path: ['sh'], reason: 'surplus', text: parts.hush }]
  }
  const files = callFiles.map((file) => writeCommand(file, parts[file.template]))
  return [replace(script.path, shown.length > 0 ? 'differs' : 'missing', `${files.join('')}${parts.call}`)]
}

/** The lines of natplan's script that call, however they are indented. */
function callLines(text: string): string[] {
  const calls = text.matchAll(/^\s*(echo "\$shown" \| grep \S+ .{1,200}--child natplan-.*)$/gm)
  return [...calls].flatMap(([, call]) => call ?? [])
}

/** The connections that begin by themselves. */
function callersOf({ connections }: Sorted): string {
  const calling = [...connections].filter(([, block]) => /start_action = start\b/.test(canonical(block)))
  return calling.map(([name, block]) => `${name} ${canonical(block).match(/natplan-\S+ \{/g)}`).join('\n')
}

/** The file of secrets is written only with every key in it: with one missing it would end that tunnel. */
function secretOperations(known: {
  readonly there: Sorted
  readonly keys: readonly KeyOutcome[]
  readonly policy: GatewayPolicy
  readonly options: DiffOptions
}): Operation[] {
  const { there, keys, policy, options } = known
  const changed = keys.filter(({ outcome }) => outcome === 'missing' || outcome === 'differs')
  const names = new Set(keyed(policy).map(({ peer }) => `${ownPrefix}${peer}`))
  const left = [...(there.secrets?.keys() ?? [])].filter((name) => !names.has(name))
  if (changed.length === 0 && left.length === 0) return []
  const file = fileOf('secrets')
  const reason = (there.secrets?.size ?? 0) > 0 ? 'differs' : 'missing'
  const complete = keyed(policy).every(({ peer }) => options.secrets.has(peer))
  const { parts } = renderParts(policy, options)
  if (options.showSecrets && complete && parts) return [replace(file.path, reason, writeCommand(file, parts.secrets))]
  const what = [
    ...changed.map(({ peer }) => `the key for ${peer} must stand there`),
    ...(left.length > 0 ? [`${left.length} keys of tunnels that left must not`] : []),
  ]
  return [replace(file.path, reason, `# ${file.path}: not shown; ${what.join('; ')}\n`)]
}

/** What puts new files in force, and ends tunnels that left. */
function closingOperations(
  operations: readonly Operation[],
  { there, planned, parts }: { readonly there: Sorted; readonly planned: Sorted; readonly parts: Parts },
): Operation[] {
  const isFirst = operations.some(({ path }) => path[0] === fileOf('service').path)
  const apart = ['/etc/natplan/natplan.nft', fileOf('kernel').path, fileOf('interfaces').path]
  const isLoaded = operations.some(({ kind, path }) => kind === 'replace' && !apart.includes(path[0] ?? ''))
  const load = 'swanctl --load-all'
  const object = { kind: 'file', name: fileOf('connections').path, change: isFirst ? 'added' : 'changed' } as const
  const reason = isFirst ? 'missing' : 'differs'
  const text = isFirst ? parts.apply : `${load}\n`
  return [
    ...(isLoaded ? [{ kind: 'run', object, path: load.split(' '), reason, text } as const] : []),
    ...[...there.connections.keys()].filter((name) => !planned.connections.has(name)).flatMap(termination),
  ]
}

/** Unloading a connection leaves what it has established. */
function termination(name: string): Operation[] {
  if (!/^[\w-]+$/.test(name)) return []
  const command = `swanctl --terminate --force --ike ${name}`
  const object = { kind: 'tunnel', name, change: 'removed' } as const
  return [{ kind: 'run', object, path: command.split(' '), reason: 'surplus', text: `${command} || true\n` }]
}

function replace(path: string, reason: Operation['reason'], text: string): Operation {
  const change = reason === 'missing' ? 'added' : 'changed'
  return { kind: 'replace', object: { kind: 'file', name: path, change }, path: [path], reason, text }
}

function fileOf(template: File['template']): File {
  const file = allFiles.find((one) => one.template === template)
  if (!file) throw new Error(`no file ${template}`)
  return file
}

/** A block in one line, without what the gateway counts and how it breaks lines. */
function canonical(block: Block): string {
  const inner = block.entries.map((entry) => (entry.kind === 'block' ? canonical(entry) : entry.text))
  const text = `${block.header} { ${inner.join(' ; ')} }`
  return text
    .replace(/counter packets \d+ bytes \d+/g, 'counter')
    .replace(/, ; /g, ', ')
    .replace(/\s+/g, ' ')
}

/** The tunnels that have a pre-shared key. */
function keyed({ tunnels }: GatewayPolicy): readonly TunnelPolicy[] {
  return tunnels.filter(({ authentication }) => authentication.kind === 'key')
}

function keysOf(there: Sorted, policy: GatewayPolicy, { secrets }: DiffOptions): KeyOutcome[] {
  return keyed(policy).map(({ peer }) => {
    const name = `${ownPrefix}${peer}`
    const isShown = there.secrets !== undefined || !there.connections.has(name)
    const outcome = isShown ? outcomeOf(there.secrets?.get(name), secrets.get(peer)) : 'not compared'
    return { peer, outcome }
  })
}

/** Replacing natplan's file would take away what others wrote into it. */
function foreignInFile({ between }: Sorted): Finding[] {
  if (between.length === 0) return []
  const message = `connections of others stand in one block with natplan's: ${between
    .slice(0, 5)
    .map((name) => JSON.stringify(name))
    .join(', ')}`
  const hint = `move them to a file of their own under /etc/swanctl/conf.d`
  return [findingOf('DIFF_FILE_SHARED', inConfig(), { message, hint })]
}
