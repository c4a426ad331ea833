import { type Finding, findingOf, inPlan, type Path } from '../finding.ts'
import { networkForm } from './forms.ts'
import { normalizePartly, type PartialReading } from './normalize.ts'
import { keyOf, type Partly, Unread } from './partly.ts'
import { readPartly } from './read-written.ts'
import { networkSchema, planSchema } from './schemas.ts'
import { hasDefaults, withDefaults } from './with-defaults.ts'
import type { WrittenNetwork, WrittenPlan } from './written.ts'

/** What a parsed plan file says, and everything that is wrong with it. */
export interface NetworkReading extends PartialReading {
  /** Where a place is in the document: in the defaults when it comes from there, under the key as it is written there, also when that is mistyped. */
  readonly asWritten: (path: Path) => Path
}

const asNetwork = { schema: networkSchema, form: networkForm }

/**
 * Reads a parsed plan file: its shape, its values, then the rules. Each works on what the one before could read, so that a mistyped key hides
 * nothing else. `known` is what is wrong with the document already, such as keys that are written twice.
 */
export function readNetwork(data: unknown, known: readonly Finding[] = []): NetworkReading {
  if (hasDefaults(data)) return readWithDefaults(data, known)
  const { value, findings, unread, asWritten } = readPartly<WrittenNetwork>(asNetwork, data, 'plan')
  // A mistyped key was taken for it.
  if (value.defaults !== undefined) return readWithDefaults(data, known)
  for (const { place } of known) unread.add(place.path)
  return { ...normalizePartly(value, { findings: [...known, ...findings], unread }), asWritten }
}

/** The shape is looked at twice: of what is written, and, with the defaults written out, of what each site and tunnel has. */
function readWithDefaults(data: unknown, known: readonly Finding[]): NetworkReading {
  const unread = new Unread()
  const plan = readPartly<WrittenPlan>({ schema: planSchema }, data, 'plan', unread)
  for (const { place } of known) unread.add(place.path)
  const filled = withDefaults(plan.value, unread)
  const network = readPartly<WrittenNetwork>(asNetwork, filled.value, 'plan', unread)
  const findings = [...known, ...plan.findings, ...network.findings, ...withoutTunnels(plan.value, unread)]
  const reading = normalizePartly(network.value, {
    findings,
    unread,
    told: (all) => asPlaced(all, filled.origin),
  })
  return { ...reading, asWritten: (path) => plan.asWritten(filled.origin(path)) }
}

function withoutTunnels({ defaults, tunnels }: Partly<WrittenPlan>, unread: Unread): Finding[] {
  if (!defaults?.tunnel || tunnels || unread.touches(['tunnels'])) return []
  return [
    findingOf('TUNNEL_KEYS_UNFIT', inPlan(['defaults', 'tunnel']), {
      message: 'no tunnel has these defaults: there are none under tunnels',
      hint: 'list the tunnels: each takes what is written here',
    }),
  ]
}

/** The findings at the places where people wrote what is wrong: of a default once, however many have it. */
function asPlaced(findings: readonly Finding[], origin: (path: Path) => Path): Finding[] {
  const uses = new Map<string, number>()
  const keyAt = ({ code }: Finding, path: Path) => `${code}\n${keyOf(path)}`
  const placed = findings.flatMap((finding) => {
    if (finding.code === 'KEY_MISSING') return { finding: missingAt(finding, origin) }
    const path = origin(finding.place.path)
    if (path[0] !== 'defaults' || finding.place.path[0] === 'defaults') return { finding }
    const key = keyAt(finding, path)
    const count = uses.get(key) ?? 0
    uses.set(key, count + 1)
    return count > 0 ? [] : { finding: { ...finding, place: { ...finding.place, path } }, user: finding.place }
  })
  return placed.map(({ finding, user }) => {
    if (!user) return finding
    const count = uses.get(keyAt(finding, finding.place.path)) ?? 1
    const message = count > 1 ? `the first of ${count} that have it` : 'what has it'
    const related = { place: { ...user, path: user.path.slice(0, 2) }, message }
    return { ...finding, related: [...(finding.related ?? []), related] }
  })
}

/** What defaults leave out, each site and tunnel misses by itself. */
function missingAt(finding: Finding, origin: (path: Path) => Path): Finding {
  const { path } = finding.place
  const length = path.findIndex((_, index) => origin(path.slice(0, index + 1))[0] !== path[0])
  if (length < 0) return finding
  const left = path.slice(length)
  const message = finding.message.replace('the key ', `the key ${left.join('.')}.`)
  return findingOf(finding.code, { ...finding.place, path: path.slice(0, length) }, { message })
}
