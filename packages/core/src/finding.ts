import { severities } from './codes/severities.ts'
import type { Code } from './codes.ts'
import { NatplanError } from './error.ts'
import { limits } from './limits.ts'
import { cut } from './quoted.ts'

/**
 * error: there is no plan, or a device refuses it; risk: it commits but may misbehave; note: worth knowing.
 */
export type Severity = 'error' | 'risk' | 'note'

/** Keys and indexes from the top of a document down to the place that a finding is about. */
export type Path = readonly (string | number)[]

/**
 * A place in one of the documents that natplan reads; of `config`, a gateway's configuration, and `input`, a collection of prefixes, only
 * lines count.
 */
export interface Place {
  readonly source: 'plan' | 'lock' | 'config' | 'input'
  readonly path: Path
  /** The key itself rather than its value: for unknown and duplicate keys. */
  readonly isKey?: boolean
  /** Which configuration, by its file name, where several are read at once. */
  readonly file?: string
  /** Where that is in the text, both counted from 1, when the reader knows it already. */
  readonly line?: number
  readonly column?: number
}

/** The objects that a finding is about, by the names that people know them by, so that a program, a picture or a page can point at them. */
export interface About {
  readonly site?: string
  /** The other site, or what the tunnel to it is called where it is not known. */
  readonly peer?: string
  /** What the site calls the tunnel. */
  readonly tunnel?: string
  /** `source rule 10`. */
  readonly rule?: string
  /** `10.1.0.0/24 ↔ 10.2.0.0/24`: local and remote prefix. */
  readonly selector?: string
  /** The packets: an address, a prefix or a range, or `source → destination`. */
  readonly range?: string
  readonly file?: string
  /** Counted from 1. */
  readonly line?: number
}

/** One problem in what the user wrote. */
export interface Finding {
  readonly code: Code
  readonly severity: Severity
  readonly place: Place
  readonly message: string
  readonly hint?: string
  /** Other places that take part, each with what it is. */
  readonly related?: readonly { readonly place: Place; readonly message: string }[]
  readonly about?: About
}

/** What a finding says beside its code, place and severity. */
export type Remark = Pick<Finding, 'message' | 'hint' | 'related' | 'about'>

/** A finding with the severity that its code has, and with a message of readable length. */
export function findingOf(code: Code, place: Place, { message, hint, ...rest }: Remark): Finding {
  const { most } = limits.messageLetters
  const texts = { message: cut(message, most), ...(hint === undefined ? {} : { hint: cut(hint, most) }) }
  return { code, severity: severities[code], place, ...texts, ...rest }
}

/** The findings, of each code only the first thousand, and how many there are beyond them. */
export function bounded(findings: readonly Finding[]): readonly Finding[] {
  const { most } = limits.findingsOfACode
  if (findings.length <= most) return findings
  const counts = new Map<Code, number>()
  const shown = findings.filter(({ code }) => {
    const count = (counts.get(code) ?? 0) + 1
    counts.set(code, count)
    return count <= most
  })
  const leftOut = [...counts].flatMap(([code, count]) => {
    const last = count > most ? shown.findLast((one) => one.code === code) : undefined
    return last ? leftOutBehind(last, count - most) : []
  })
  return [...shown, ...leftOut]
}

function leftOutBehind({ code, place }: Finding, count: number): Finding {
  return findingOf('FINDINGS_LEFT_OUT', place, {
    message: `${count} more of ${code} are left out`,
    hint: 'fix those that are shown; so many usually have one cause',
  })
}

export function inPlan(path: Path): Place {
  return { source: 'plan', path }
}

export function inLock(path: Path): Place {
  return { source: 'lock', path }
}

export function inConfig(line?: number, file?: string): Place {
  const known = { ...(line === undefined ? {} : { line }), ...(file === undefined ? {} : { file }) }
  return { source: 'config', path: [], ...known }
}

export function inInput(line?: number): Place {
  return { source: 'input', path: [], ...(line === undefined ? {} : { line }) }
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'error')
}

/**
 * Calls `read` and turns what it throws about the input into a finding at that place. A broken invariant is passed on.
 */
export function collect<T>(place: Place, findings: Finding[], read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof NatplanError)) throw error
    const { code, message, hint } = error
    findings.push(findingOf(code, place, { message, ...(hint === undefined ? {} : { hint }) }))
    return undefined
  }
}

/** The text of a path as people write it: `sites.cloud.subnets[0]`, and `["10.0.0.0/24"]` for a key that is no word. */
export function formatPath(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`
      if (!/^[A-Za-z_][\w-]*$/.test(step)) return `[${JSON.stringify(step)}]`
      return index === 0 ? step : `.${step}`
    })
    .join('')
}
