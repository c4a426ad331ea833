import { type Finding, findingOf, inPlan, nearest, type Path, type Place, quoted } from '@natplan/core'
import { isMapping, type Mapping, tunnelKey } from '../import/tunnel-key.ts'
import type { ReadDocument } from '../text/read-document.ts'

/** A plan with the files that it includes, as one document. */
export interface WholeDocument extends ReadDocument {
  /** How files were read, of which nothing is wrong. */
  readonly notes: readonly Finding[]
  /** Whether a file is missing that may hold what others name. */
  readonly lacks: boolean
}

/** A site that those of a table have tunnels to, and which entry of `include` says so. */
export interface Hub {
  readonly name: string
  readonly index: number
}

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

/** Puts the files that a plan includes together with it, and knows where each value stands. */
export class Joining {
  readonly findings: Finding[]
  readonly #plan: ReadDocument
  readonly #data: Record<string, unknown>
  readonly #sites: Record<string, unknown>
  readonly #siteParts = new Map<string, Pick<Segment, 'written' | 'part'>>()
  readonly #segments: Segment[] = []
  readonly #notes: Finding[] = []
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
      notes: this.#notes,
      locate: (place) => this.#locate(place),
      lacks: this.#lacks || this.findings.some(({ place }) => place.path[0] === 'include'),
    }
  }

  add(part: ReadDocument): void {
    if (!isMapping(part.data)) {
      const message = `${part.name} is not a plan file: it holds ${part.data === null ? 'nothing' : 'no mapping'}`
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
      const related = finding.related?.map((one) => ({ ...one, place: { ...one.place, file: part.name } }))
      const told = finding.severity === 'error' ? this.findings : this.#notes
      told.push({ ...finding, place, ...(related ? { related } : {}) })
    }
  }

  /** A tunnel from each site of a table to a hub, unless one is listed that joins the two. */
  joinToHub(part: ReadDocument, { name: hub, index }: Hub): void {
    const { sites = {} } = isMapping(part.data) ? part.data : {}
    if (!Object.hasOwn(this.#sites, hub)) {
      const place = inPlan(['include', index, 'hub'])
      const near = nearest(hub, Object.keys(this.#sites))
      const remark = { message: `there is no site ${quoted(hub)}`, ...(near ? { hint: `did you mean ${near}?` } : {}) }
      this.findings.push(findingOf('SITE_UNKNOWN', place, remark))
    }
    const listed = new Set(this.#tunnels.map(endsOf))
    const names = Object.keys(sites as Mapping)
    const joined = names.filter((site) => site !== hub && !listed.has(endsOf({ sites: [site, hub] })))
    const locate: ReadDocument['locate'] = ({ path: [, step = '', ...rest], ...place }) =>
      part.locate({ ...place, path: ['sites', joined[Number(step)] ?? '', ...rest] })
    const tunnels = joined.map((site) => ({ sites: [site, hub] }))
    this.#append('tunnels', tunnels, { part: { ...part, locate }, written: 'tunnels' })
  }

  get #tunnels(): readonly unknown[] {
    const tunnels = this.#data['tunnels']
    return Array.isArray(tunnels) ? tunnels : []
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

/** The two sites of a tunnel, whichever is written first. */
function endsOf(tunnel: unknown): string {
  const { sites } = isMapping(tunnel) ? tunnel : {}
  return tunnelKey({ sites })
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
