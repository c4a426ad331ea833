import {
  checks,
  dispositions,
  type Finding,
  type FollowedClass,
  isEveryService,
  peerText,
  rangeText,
  servicesText,
} from '@natplan/core'
import type { Table } from '../tables/table.ts'
import { findingTable, verifyTables } from '../tables/verify-tables.ts'
import { count, namesText } from '../text/count.ts'
import type { Verified } from '../verify/verified-world.ts'
import { html } from './html.ts'
import { folded, htmlTable } from './html-table.ts'

/** The proof: of each tunnel, what is not known, what was found, every check and all packets that were followed. */
export function proofContent(verified: Verified, { result, unproven }: ProofWords): string {
  const { findings, documents } = verified
  const tables = [
    ...verifyTables(verified, { isScreen: false, withFindings: false }),
    ...(findings.length > 0 ? [findingTable(findings, documents)] : []),
  ]
  return [
    `<p class="proven">${html(result)}</p>`,
    unknownList(verified, unproven),
    ...tables.map(htmlTable),
    ...(verified.proofs.length > 0 ? lookedAt(verified) : []),
  ].join('')
}

function lookedAt(verified: Verified): string[] {
  const { findings, followed } = verified
  return [
    folded(`Every check (${checks.length})`, htmlTable(checkTable(findings))),
    folded(
      `All packets that were followed (${count(followed.classes.length, 'class')})`,
      htmlTable(classTable(verified)),
    ),
  ]
}

interface ProofWords {
  /** What was proven, of how much. */
  readonly result: string
  /** Sites that talk and of which nothing is proven, as pairs in words. */
  readonly unproven: readonly string[]
}

/** Codes that say that something could not be told. */
const unknownCodes: ReadonlySet<string> = new Set([
  'FLOW_NOT_KNOWN',
  'PROOF_INCOMPLETE',
  'PROOF_BOUNDED',
  'NEGOTIATION_NOT_KNOWN',
  'FILTER_NOT_FOLLOWED',
])

const mostNamed = 12

function unknownList({ findings }: Verified, unproven: readonly string[]): string {
  const items = [
    'Whether both ends of a tunnel have the same key: no key was read for this page.',
    'What gateways, nodes and firewalls do today: this page is made of the plan. natplan verify and natplan diff read what runs.',
    ...(unproven.length > 0
      ? [
          `Whether packets arrive between ${namesText(unproven, mostNamed)}: there is no gateway in the plan at both ends.`,
        ]
      : []),
    ...findings.filter(({ code }) => unknownCodes.has(code)).map(({ code, message }) => `${message} (${code})`),
  ]
  return `<h3>What is not known</h3><ul>${items.map((item) => `<li>${html(item)}</li>`).join('')}</ul>`
}

function checkTable(findings: readonly Finding[]): Table {
  return {
    title: 'What was looked at beside the packets',
    columns: ['WHAT SHOULD HOLD', 'FOUND AGAINST IT'],
    rows: checks.map(({ about, codes }) => [about, againstIt(codes, findings)]),
    empty: '',
  }
}

function againstIt(codes: readonly string[], findings: readonly Finding[]): string {
  const found = codes.flatMap((code) => {
    const number = findings.filter((one) => one.code === code).length
    return number > 0 ? [`${code}${number > 1 ? ` (${number})` : ''}`] : []
  })
  return found.length > 0 ? found.join(', ') : 'nothing'
}

function classTable({ followed: { classes, left } }: Verified): Table {
  return {
    title: 'Packets that meet the same rules, and what becomes of them and their answers',
    columns: ['FROM', 'TO', 'PACKETS', 'RESULT'],
    rows: [
      ...classes.map(classRow),
      ...left.map(({ from, peer, source, destination }) => [
        from.name,
        peerText(peer),
        `${source} → ${destination}`,
        'not followed, or not to their end: not known',
      ]),
    ],
    empty: 'none: no packet is meant to arrive',
  }
}

function classRow({ flow: { from, peer, over }, box, nodes, verdict, disposition }: FollowedClass): string[] {
  const service = isEveryService(box) ? '' : `, ${servicesText([box])}`
  return [
    nodes === undefined || nodes === '' ? from.name : `${from.name}, nodes ${nodes}`,
    over === undefined ? peerText(peer) : `${peerText(peer)} (over ${over})`,
    `${rangeText(box.source)} → ${rangeText(box.destination)}${service}`,
    resultText(verdict, disposition),
  ]
}

function resultText(verdict: FollowedClass['verdict'], disposition: FollowedClass['disposition']): string {
  const { title, isGood } = dispositions[disposition]
  if (verdict === 'arrives') return isGood ? title : `arrives, as it is meant: ${title}`
  if (verdict === 'unknown') return disposition === 'unknown' ? title : `not known: ${title}`
  return isGood ? 'fails: it goes to another host or site' : `fails: ${title}`
}
