import {
  collect,
  type Finding,
  findingOf,
  inPlan,
  NatplanError,
  nearest,
  type Path,
  type Place,
  quoted,
} from '@natplan/core'
import { limits } from '../limits.ts'
import type { NamedText } from '../text/documents.ts'
import { type ReadDocument, readDocument } from '../text/read-document.ts'

/** A file that a plan includes: its text, or what a reader of its form made of it. */
export type Included = NamedText | ReadDocument

/**
 * The files that a path or a pattern under `include` means, in order.
 * @throws NatplanError when one is not there or must not be read
 */
export type Include = (pattern: string) => readonly Included[]

/** A plan with the files that it includes, as one document. */
export interface WholeDocument extends ReadDocument {
  /** Whether a file is missing that may hold what others name. */
  readonly lacks: boolean
}

/** The plan with all that it includes; each place of it knows the file that it was written in. */
export function withIncluded(plan: ReadDocument, include: Include | undefined): WholeDocument {
  if (!isMapping(plan.data) || plan.data['include'] === undefined) return { ...plan, lacks: false }
  const joining = new Joining(plan, plan.data)
  const written: unknown = plan.data['include']
  // The schema tells what is no list of texts.
  if (!isTexts(written)) return { ...plan, lacks: true }
  for (const part of partsOf(written, include, joining.findings).values()) joining.add(part)
  return joining.whole
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string' && one !== '')
}

function partsOf(
  patterns: readonly string[],
  include: Include | undefined,
  findings: Finding[],
): Map<string, ReadDocument> {
  const parts = new Map<string, ReadDocument>()
  for (const [index, pattern] of patterns.entries()) {
    const files = collect(inPlan(['include', index]), findings, () => filesOf(pattern, include, parts.size))
    for (const file of files ?? []) if (!parts.has(file.name)) parts.set(file.name, documentOf(file))
  }
  return parts
}

function filesOf(pattern: string, include: Include | undefined, count: number): readonly Included[] {
  if (!include) {
    throw new NatplanError('INCLUDE_UNFIT', 'this plan is no file in a folder, so that it cannot include any', {
      hint: 'save it, and name the file',
    })
  }
  const files = include(pattern)
  const { most } = limits.includedFiles
  if (count + files.length <= most) return files
  throw new NatplanError('INCLUDE_UNFIT', `more than ${most} files would be included`, { hint: 'join some of them' })
}

function documentOf(file: Included): ReadDocument {
  return 'data' in file ? file : readDocument(file.name, file.text, 'plan')
}

type Mapping = Readonly<Record<string, unknown>>

const lists = ['pools', 'avoid', 'own', 'tunnels', 'moved'] as const
const partKeys = ['version', 'sites', ...lists]

/** What of a list stands in which file. */
interface Segment {
  readonly key: string
  /** The key as the file has it. */
  readonly written: string
  readonly start: number
  readonly part: ReadDocument
}

class Joining {
  readonly findings: Finding[]
  readonly #plan: ReadDocument
  readonly #data: Record<string, unknown>
  readonly #sites: Record<string, unknown>
  readonly #siteParts = new Map<string, Pick<Segment, 'written' | 'part'>>()
  readonly #segments: Segment[] = []
  #lacks = false

  constructor(plan: ReadDocument, data: Mapping) {
    this.#plan = plan
    this.findings = [...plan.findings]
    this.#data = { ...data }
    const { sites = {} } = data
    this.#sites = isMapping(sites) ? { ...sites } : {}
    if (isMapping(sites)) this.#data['sites'] = this.#sites
    for (const key of lists) {
      const value = this.#data[key]
      if (Array.isArray(value)) this.#data[key] = [...value]
    }
  }

  get whole(): WholeDocument {
    return {
      name: this.#plan.name,
      data: this.#data,
      findings: this.findings,
      locate: (place) => this.#locate(place),
      lacks: this.#lacks || this.findings.some(({ place }) => place.path[0] === 'include'),
    }
  }

  add(part: ReadDocument): void {
    if (!isMapping(part.data)) {
      const message = `${part.name} is no plan file: it holds ${part.data === null ? 'nothing' : 'no mapping'}`
      const found =
        part.findings.length > 0 ? part.findings : [findingOf('INCLUDE_UNFIT', inPlan([]), { message, hint: partHint })]
      this.findings.push(...found.map((one) => ({ ...one, place: { ...one.place, file: part.name } })))
      this.#lacks = true
      return
    }
    const start = this.#segments.length
    const keys = this.#keysOf(part, part.data)
    for (const [key, written] of keys) this.#addKey(key, written, { part, value: part.data[written] })
    for (const finding of part.findings) {
      const place = { ...finding.place, path: this.#pathInWhole(finding.place.path, start), file: part.name }
      this.findings.push({ ...finding, place })
    }
  }

  /** The keys that a file has for those that it may have: a mistyped one counts as the one that was probably meant. */
  #keysOf(part: ReadDocument, data: Mapping): Map<string, string> {
    const found = new Map(partKeys.filter((key) => data[key] !== undefined).map((key) => [key, key]))
    for (const key of Object.keys(data)) {
      if (found.has(key) || key.startsWith('x-')) continue
      const place = placeIn(part, { source: 'plan', path: [key], isKey: true })
      if (key === 'include' || key === 'defaults') {
        const message = `${key} belongs to the plan file, not to one that it includes`
        this.findings.push(findingOf('INCLUDE_UNFIT', place, { message, hint: `move it to ${this.#plan.name}` }))
        continue
      }
      const near = nearest(key, partKeys)
      const hint = near ? `did you mean ${near}?` : `known here: ${partKeys.join(', ')}`
      this.findings.push(findingOf('KEY_UNKNOWN', place, { message: `unknown key ${quoted(key)}`, hint }))
      if (near && !found.has(near)) found.set(near, key)
    }
    return found
  }

  #addKey(key: string, written: string, { part, value }: { part: ReadDocument; value: unknown }): void {
    const place = placeIn(part, { source: 'plan', path: [written] })
    if (key === 'version') {
      if (value !== 1) {
        const message = `version ${quoted(String(value))} is not known`
        this.findings.push(findingOf('VERSION_UNSUPPORTED', place, { message, hint: 'write version: 1' }))
      }
    } else if (key === 'sites') {
      if (isMapping(value))
        for (const [name, site] of Object.entries(value)) this.#addSite(name, site, { part, written })
      else this.findings.push(findingOf('VALUE_WRONG', place, { message: 'expected a mapping of sites' }))
    } else if (Array.isArray(value)) this.#append(key, value, { part, written })
    else this.findings.push(findingOf('VALUE_WRONG', place, { message: 'expected a list' }))
  }

  #addSite(name: string, site: unknown, at: Pick<Segment, 'written' | 'part'>): void {
    if (!Object.hasOwn(this.#sites, name)) {
      this.#sites[name] = site
      this.#siteParts.set(name, at)
      return
    }
    const place = placeIn(at.part, { source: 'plan', path: [at.written, name], isKey: true })
    const { part: other = this.#plan, written = 'sites' } = this.#siteParts.get(name) ?? {}
    const first = placeIn(other, { source: 'plan', path: [written, name], isKey: true })
    this.findings.push(
      findingOf('SITE_DUPLICATE', place, {
        message: `the site ${quoted(name)} is in ${other.name} and in ${at.part.name}`,
        hint: 'keep one of the two, or give it another name',
        related: [{ place: first, message: 'it is here already' }],
        about: { site: name },
      }),
    )
  }

  #append(key: string, values: readonly unknown[], at: Pick<Segment, 'written' | 'part'>): void {
    this.#data[key] ??= []
    const list = this.#data[key]
    if (!Array.isArray(list)) return
    this.#segments.push({ key, start: list.length, ...at })
    for (const value of values) list.push(value)
  }

  /** A path of the file that was added last, in the whole. */
  #pathInWhole(path: Path, from: number): Path {
    const [key = '', index, ...rest] = path
    const segment = this.#segments.slice(from).find(({ written }) => written === key)
    return segment && typeof index === 'number' ? [segment.key, index + segment.start, ...rest] : path
  }

  #locate(place: Place) {
    const { part, path } = this.#written(place.path)
    const position = part.locate({ ...place, path })
    return position && { ...position, name: place.file ?? part.name }
  }

  #written(path: Path): { readonly part: ReadDocument; readonly path: Path } {
    const [key, step = '', ...rest] = path
    const site = key === 'sites' ? this.#siteParts.get(String(step)) : undefined
    if (site) return { part: site.part, path: [site.written, step, ...rest] }
    const segment =
      typeof step === 'number' ? this.#segments.findLast((one) => one.key === key && one.start <= step) : undefined
    if (!segment) return { part: this.#plan, path }
    return { part: segment.part, path: [segment.written, Number(step) - segment.start, ...rest] }
  }
}

const partHint = 'it begins with sites: or with one of the lists of a plan'

/** A place in a file with its position, which the whole does not know. */
function placeIn(part: ReadDocument, place: Place): Place {
  const { line, column } = part.locate(place) ?? {}
  return {
    ...place,
    file: part.name,
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  }
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
