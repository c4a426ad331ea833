import { type Finding, hasErrors, type Inference, type TunnelProof } from '@natplan/core'
import { count, grouped } from '../text/count.ts'
import { whereIs } from '../text/documents.ts'
import type { MissingRules } from '../verify/missing-rules.ts'
import type { Verified } from '../verify/verified-world.ts'
import type { Table } from './table.ts'

/** `isScreen`: marks for the eye. `withFindings`: where they are not printed beside the tables. */
export function verifyTables(
  { proofs, inferred, missing, findings, documents }: Verified,
  { isScreen, withFindings }: { readonly isScreen: boolean; readonly withFindings: boolean },
): Table[] {
  return [
    {
      title: 'Tunnels',
      columns: ['TUNNEL', 'RESULT', 'WHAT WAS SHOWN'],
      rows: proofs.map((proof) => [tunnelText(proof), resultOf(proof, isScreen), shownOf(proof)]),
      empty: 'nothing is proven: there is no tunnel between two gateways',
      ...(hasErrors(findings) && proofs.some(({ isProven }) => isProven)
        ? { footer: 'proven says only that every address arrives: there are errors as well' }
        : {}),
    },
    ...missing.map((one) => missingTable(one, 'the tunnels pass')),
    ...(inferred.length > 0 ? [inferenceTable(inferred)] : []),
    ...(withFindings && findings.length > 0 ? [findingTable(findings, documents)] : []),
  ]
}

function tunnelText({ sites, over }: TunnelProof): string {
  return `${sites.join(' - ')}${over === undefined ? '' : ` (over ${over})`}`
}

function resultOf({ isProven, hasBothEnds, result }: TunnelProof, isScreen: boolean): string {
  if (isProven) return isScreen ? '✓ proven' : 'proven'
  const text = !hasBothEnds ? 'one end only' : result === 'unknown' ? 'not known' : 'not proven'
  return isScreen ? `${result === 'unknown' ? '?' : '✗'} ${text}` : text
}

function shownOf(proof: TunnelProof): string {
  const { hasBothEnds, leftOut, keys, sites, failing, unknown, isOneWay, forwarded } = proof
  if (!hasBothEnds) return `none of the configurations given is the other end of the tunnel ${sites[1]}`
  const lines = leftOut === 1 ? 'a line is' : `${leftOut} lines are`
  const keyText = keys === 'equal' ? 'keys equal' : keys === 'different' ? 'keys differ' : 'keys not compared'
  return [
    failing.some((count) => count > 0) ? failingText(proof) : deliveredText(proof),
    ...(unknown.some((count) => count > 0) ? [`${ranges(unknown[0] + unknown[1])} not known`] : []),
    ...(isOneWay ? ['one way, as intended'] : []),
    ...forwarded.flatMap((ports, at) => (ports > 0 ? [`${count(ports, 'forwarded port')} of ${sites[at]}`] : [])),
    ...(leftOut > 0 ? [`${lines} left out`] : []),
    keyText,
  ].join('; ')
}

function deliveredText({ delivered: [one, other], sites }: TunnelProof): string {
  if (one === 0 && other === 0) return 'no addresses to follow'
  if (one === other) return `${ranges(one)} × 2 directions, every address`
  return `${ranges(one)} from ${sites[0]} and ${other} from ${sites[1]}, every address`
}

function failingText({ delivered, failing, sites }: TunnelProof): string {
  const parts = ([0, 1] as const).map(
    (direction) =>
      `${failing[direction]} of ${ranges(failing[direction] + delivered[direction])} from ${sites[direction]}`,
  )
  return `${parts.join(' and ')} fail`
}

function ranges(count: number): string {
  return count === 1 ? '1 address range' : `${count} address ranges`
}

const kinds: Readonly<Record<Inference['kind'], string>> = {
  outside: 'outside interface',
  inside: 'inside interface',
  subnet: 'subnet',
  network: 'other network',
  'public-address': 'address in front of a NAT',
  'default-route': 'route for other packets',
}

/** So many other networks of a site are listed for each reason: a dump may have a hundred thousand routes. */
const mostNetworks = 50

function inferenceTable(inferred: readonly Inference[]): Table {
  const rows: string[][] = []
  const networks = new Networks()
  for (const one of inferred) {
    if (one.kind !== 'network' || networks.lists(one, rows.length)) {
      rows.push([one.site, kinds[one.kind], one.value, one.because])
    }
  }
  for (const { site, because, more, end } of networks.leftOut)
    rows.splice(end, 0, [site, kinds.network, `and ${grouped(more)} more`, because])
  return {
    title: 'Inferred from the configurations',
    columns: ['SITE', 'WHAT', 'IS', 'BECAUSE'],
    rows,
    empty: '',
    ...(networks.leftOut.length > 0 ? { footer: 'natplan verify --output json lists all networks' } : {}),
  }
}

interface Alike extends Pick<Inference, 'site' | 'because'> {
  listed: number
  more: number
  /** Where the last one that is listed ends. */
  end: number
}

/** Counts what is listed of each site for each reason. */
class Networks {
  readonly #all = new Map<string, Alike>()
  #last: Alike | undefined

  /** Whether a network is listed, which is then the row at that place. */
  lists({ site, because }: Inference, row: number): boolean {
    if (this.#last?.site !== site || this.#last.because !== because) this.#last = this.#alike(site, because)
    if (this.#last.listed === mostNetworks) {
      this.#last.more++
      return false
    }
    this.#last.listed++
    this.#last.end = row + 1
    return true
  }

  /** From the last place to the first one. */
  get leftOut(): readonly Alike[] {
    return [...this.#all.values()].filter(({ more }) => more > 0).sort((a, b) => b.end - a.end)
  }

  #alike(site: string, because: string): Alike {
    const key = `${site}\n${because}`
    const alike = this.#all.get(key) ?? { site, because, listed: 0, more: 0, end: 0 }
    this.#all.set(key, alike)
    return alike
  }
}

/** Lines to enter on one gateway. `what`: what its filters let pass then. */
export function missingTable({ site, file, rules }: MissingRules, what: string): Table {
  return {
    title: `To enter at ${site}${file === undefined ? '' : ` (${file})`}, so that its filters let ${what}`,
    columns: [],
    rows: rules.flatMap(({ lines }) => lines.map((line) => [line])),
    empty: '',
    isCode: true,
  }
}

export function findingTable(findings: readonly Finding[], documents: Verified['documents']): Table {
  return {
    title: 'Findings',
    columns: ['WHERE', 'SEVERITY', 'CODE', 'WHAT', 'HINT'],
    rows: findings.map(({ place, severity, code, message, hint }) => {
      const { name, position } = whereIs(place, documents)
      return [position ? `${name}:${position.line}` : name, severity, code, message, hint ?? '']
    }),
    empty: '',
  }
}
