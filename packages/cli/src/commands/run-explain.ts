import { existsSync } from 'node:fs'
import {
  addressResult,
  type Documents,
  findHosts,
  firewallResult,
  gatewaySite,
  hostResult,
  prefixResult,
} from '@natplan/app'
import {
  Address,
  type Code,
  codes,
  derivePolicies,
  explainAddress,
  explainPrefix,
  type Finding,
  filterPlaces,
  NatplanError,
  nearest,
  type Plan,
  Prefix,
} from '@natplan/core'
import { standardInput } from '../files/standard-input.ts'
import { defaultPlanFile, type InputOptions } from '../input/load-network.ts'
import { loadPlan } from '../input/load-plan.ts'
import { printResult } from '../output/print-result.ts'
import { reportFindings } from '../output/report-findings.ts'
import { type Status, status } from '../terminal/status.ts'
import { print } from '../terminal/streams.ts'
import { standardOutput } from '../terminal/terminal.ts'
import type { OutputOptions } from './command.ts'

export type ExplainOptions = InputOptions &
  OutputOptions & { readonly subject?: string | undefined; readonly peer?: readonly string[] | undefined }

export function runExplain(options: ExplainOptions): Status {
  const { subject } = options
  if (subject === 'firewall') return explainFirewall(options)
  if (options.peer) throw new NatplanError('USAGE', '--peer is only for use with firewall')
  if (subject === undefined) return listCodes(options)
  const word = subject.toUpperCase()
  if (isCode(word)) return explainCode(word, options)
  if (subject.includes('/')) return explainPrefixAt(Prefix.parse(subject), options)
  if (looksLikeAddress(subject)) return explainAddressAt(Address.parse(subject), options)
  return isMeantAsCode(subject, options) ? refuseCode(word) : explainHostsCalled(subject, options)
}

function isCode(text: string): text is Code {
  return Object.hasOwn(codes, text)
}

/** Digits and dots, or two colons at least. */
function looksLikeAddress(text: string): boolean {
  return /^[\d.]+$/.test(text) || /:.*:/.test(text)
}

/** A host has no name in capitals or with `_`, and without a plan there is none. */
function isMeantAsCode(text: string, { file = defaultPlanFile }: InputOptions): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(text)) return false
  return text.includes('_') || text === text.toUpperCase() || (file !== standardInput && !existsSync(file))
}

function refuseCode(code: string): never {
  const near = nearest(code, Object.keys(codes))
  throw new NatplanError('CODE_UNKNOWN', `there is no code ${code}`, {
    hint: near ? `did you mean ${near}?` : 'natplan explain lists all',
  })
}

function explainFirewall(options: ExplainOptions): Status {
  const { site = [], peer: peers } = options
  const isName = (text: string) => !text.includes('=')
  const { plan, documents, findings } = loadPlan({ ...options, site: site.filter((text) => !isName(text)) })
  if (told(findings, documents) || !plan) return status.findings
  const chosen = site.filter(isName).map((name) => gatewaySite(plan, name))
  const others = peers?.map((name) => gatewaySite(plan, name))
  const { policies, findings: derived } = derivePolicies(plan)
  if (told(derived, documents)) return status.findings
  const pages = policies
    .filter(({ site: name }) => chosen.length === 0 || chosen.includes(name))
    .map((policy) => ({ ...policy, tunnels: policy.tunnels.filter((tunnel) => others?.includes(tunnel.site) ?? true) }))
    .map((policy) => ({ policy, places: filterPlaces(policy) }))
  printResult(firewallResult(pages), options.output)
  return status.good
}

function listCodes({ output }: ExplainOptions): Status {
  const entries = Object.entries(codes)
  const table = {
    title: 'Codes',
    columns: ['CODE', 'SEVERITY', 'MEANING'],
    rows: entries.map(([code, { severity, title }]) => [code, severity, title]),
    empty: '',
  }
  const document = () => ({ schemaVersion: 1, codes: entries.map(([code, entry]) => ({ code, ...entry })) })
  printResult({ tables: () => [table], document }, output)
  return status.good
}

function explainCode(code: Code, { output }: ExplainOptions): Status {
  const entry = codes[code]
  if (output === 'table' || output === 'markdown') {
    print(`${standardOutput.paint('bold', code)} (${entry.severity}): ${entry.title}\n\n${fold(entry.text)}\n`)
  } else {
    printResult({ tables: () => [], document: () => ({ schemaVersion: 1, code, ...entry }) }, output)
  }
  return status.good
}

function fold(text: string): string {
  const width = Math.min(standardOutput.width, 100)
  return text.replace(new RegExp(`(.{1,${width}})( |$)`, 'g'), '$1\n').trimEnd()
}

/** The plan to explain things by; without one it has been said why. */
function planToExplain(options: InputOptions): Plan | undefined {
  const { plan, documents, findings } = loadPlan(options)
  return told(findings, documents) ? undefined : plan
}

/** Says what is wrong, and whether anything is. */
function told(all: readonly Finding[], documents: Documents): boolean {
  const findings = all.filter(({ severity }) => severity === 'error')
  reportFindings([{ findings, documents }])
  return findings.length > 0
}

function explainPrefixAt(prefix: Prefix, options: ExplainOptions): Status {
  const plan = planToExplain(options)
  if (!plan) return status.findings
  printResult(prefixResult(prefix, explainPrefix(plan, prefix)), options.output)
  return status.good
}

function explainAddressAt(address: Address, options: ExplainOptions): Status {
  const plan = planToExplain(options)
  if (!plan) return status.findings
  printResult(addressResult(address, explainAddress(plan, address)), options.output)
  return status.good
}

function explainHostsCalled(name: string, options: ExplainOptions): Status {
  const plan = planToExplain(options)
  if (!plan) return status.findings
  printResult(hostResult(plan, findHosts(plan.network, name)), options.output)
  return status.good
}
