import { type Device, type DeviceTunnel, interfaceOfRoute, type Prefix, type RuleList } from '@natplan/core'
import type { Adopted } from '../../difference.ts'
import { visible } from '../../visible.ts'
import { readDevice } from './read-device.ts'
import { ruleDeletion } from './rule-deletion.ts'
import { type Found, keysFor, sectionsOf } from './strongswan/written-sections.ts'

/** What a shell takes as it stands: names come out of texts of others. */
const plainName = /^\w[\w.@:+-]{0,63}$/

/** No other route comes behind one of this metric. */
const lastMetric = 4_294_967_295

/** One thing to do: what stands in `by hand` lines is for a person, the rest for a shell. */
interface Step {
  readonly title: string
  readonly lines: readonly string[]
}

/**
 * How natplan's files take the place of what somebody made by hand: natplan knows its own by files and names, so that no comment makes
 * theirs natplan's. What only a person can take out is named by its lines; the rest is commands.
 */
export function adoptLinux(text: string, { site, file, tunnels, rules }: Adopted): string[] {
  const { device } = readDevice(text)
  const old = tunnels.flatMap(({ line }) => device.tunnels.find((one) => one.line === line) ?? [])
  const at = placeIn(file)
  const gone = goneInterfaces(device, tunnels)
  const dead = namingOnly(device, gone).filter(({ list }) => list.kind !== 'filter')
  const lines = [...new Set([...rules, ...dead].flatMap(({ line }) => line ?? []))].sort((a, b) => a - b)
  const steps: Step[] = [
    {
      title: 'With each key where the plan looks for it, in the folder of the plan:',
      lines: [byHand(`(umask 077; natplan vyatta -f PLAN --site ${site} --script --show-secrets > ${site}.sh)`)],
    },
    ...takingOut(text, old, at),
    ...unrouting(device, gone),
    {
      title: `Run ${site}.sh as root. Its NAT is asked before the old one, and it loads natplan's connections.`,
      lines: [],
    },
    { title: "End the old tunnels, so that natplan's take over:", lines: old.map(terminating) },
    ...(lines.length === 0
      ? []
      : [
          {
            title:
              "Take out the rules whose work natplan's do, also of the file that loads them at the start of the machine (nft -a list ruleset shows handles):",
            lines: lines.map((line) => ruleDeletion(text, line) ?? byHand(`${at({ from: line, to: line })}`)),
          },
        ]),
  ]
  const passing = namingOnly(device, gone).filter(({ list }) => list.kind === 'filter')
  if (passing.length > 0) {
    steps.push({
      title: "What the firewall says of the old virtual interfaces must be said of natplan's:",
      lines: passing.map(({ line, name }) => byHand(`${name} is ${gone.get(name)} (${at({ from: line, to: line })})`)),
    })
  }
  return [
    `# natplan's files take the place of what has other names. Only the tunnels to ${tunnels.map(({ peer }) => peer).join(', ')} start again, once.`,
    '# New are guards, which drop what would go to the peers in clear, and a limit of the TCP segment size.',
    ...steps.flatMap((step, index) => [`# ${index + 1}. ${step.title}`, ...step.lines]),
  ]
}

function byHand(text: string): string {
  return `#    ${visible(text)}`
}

function placeIn(file: string) {
  return ({ from, to }: Pick<Found, 'from' | 'to'>) => `${file}:${from}${to > from ? ` to ${to}` : ''}`
}

/** Sections of files: where these are on the gateway only its administrator knows. */
function takingOut(text: string, old: readonly DeviceTunnel[], at: ReturnType<typeof placeIn>): Step[] {
  const sections = old.flatMap((tunnel) => sectionsOf(text, tunnel))
  const keys = old.flatMap((tunnel) => keysFor(text, tunnel))
  const named = [...sections, ...keys].map((one) => byHand(`${one.what} (${at(one)})`))
  const step = { title: "Take out of strongSwan's files; by that alone nothing changes:", lines: [...new Set(named)] }
  if (sections.every(({ isConf }) => !isConf)) return [step]
  const title =
    'Let the daemon forget them. swanctl must reach the same daemon (plugin vici; Debian: strongswan-swanctl), or the script ends there:'
  return [step, { title, lines: ['ipsec update', 'swanctl --stats'] }]
}

/** The virtual interfaces that somebody made, with natplan's for the same tunnel. */
function goneInterfaces(device: Device, tunnels: Adopted['tunnels']): Map<string, string> {
  return new Map(
    tunnels.flatMap(({ line, through: planned }) => {
      const children = device.tunnels.find((one) => one.line === line)?.children ?? []
      return children.flatMap(({ through }) =>
        through?.kind === 'route' ? [[through.interface, planned ?? 'gone'] as const] : [],
      )
    }),
  )
}

interface Naming {
  readonly list: RuleList
  readonly line: number
  readonly name: string
}

/** Rules for what comes in or leaves by these interfaces. */
function namingOnly({ lists }: Device, gone: ReadonlyMap<string, string>): Naming[] {
  const all = lists.flatMap((list) =>
    list.rules.flatMap(({ match, line }) => {
      const named = [match.in, match.out].flatMap((one) => (one && !one.negated ? one.names : []))
      const name = named.find((one) => gone.has(one))
      return name === undefined || line === undefined ? [] : [{ list, line, name }]
    }),
  )
  return [...new Map(all.map((one) => [one.line, one])).values()].sort((a, b) => a.line - b.line)
}

/** Old virtual interfaces would take what natplan's are for. */
function unrouting(device: Device, gone: ReadonlyMap<string, string>): Step[] {
  if (gone.size === 0) return []
  const routes = device.routes.filter((route) => gone.has(interfaceOfRoute(device, route) ?? ''))
  const held = [...new Map(routes.map(({ prefix }) => [String(prefix), prefix])).values()]
  const deletions = [...gone.keys()].map((name) =>
    plainName.test(name) ? `ip link delete ${name}` : byHand(`the interface ${name}`),
  )
  return [
    {
      title:
        "Delete the old virtual interfaces, also in the files that make them. Packets for the peers are dropped until natplan's are there:",
      lines: [...held.filter(({ length }) => length > 0).map(holding), ...deletions],
    },
  ]
}

/** It stays: in front of it natplan's own routes count. */
function holding(prefix: Prefix): string {
  return `ip${prefix.family === 6 ? ' -6' : ''} route add blackhole ${prefix} metric ${lastMetric}`
}

/** Unloading a connection leaves what it has established. */
function terminating({ name }: DeviceTunnel): string {
  return plainName.test(name)
    ? `swanctl --terminate --force --ike ${name} || true`
    : byHand(`swanctl --terminate --force --ike ${name}`)
}
