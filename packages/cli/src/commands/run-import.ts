import { existsSync } from 'node:fs'
import { type Given, type ImportChoice, type Imported, importPlan, intoPlan, planText } from '@natplan/app'
import { hasErrors, NatplanError, type WrittenNetwork, writeLock } from '@natplan/core'
import { createFile } from '../files/write-file.ts'
import { givenSource } from '../input/config-arguments.ts'
import { editPlan } from '../input/edit-plan.ts'
import { lockFileOf } from '../input/load-network.ts'
import { openInput } from '../input/prefixes/input-bytes.ts'
import { noWorkbook } from '../input/prefixes/read-inputs.ts'
import { reportFindings, type Said } from '../output/report-findings.ts'
import { type Status, status } from '../terminal/status.ts'
import { print, say } from '../terminal/streams.ts'

export interface ImportOptions {
  readonly sources: readonly string[]
  readonly output?: string | undefined
  readonly into?: string | undefined
  readonly as?: ImportChoice['as']
  readonly columns?: readonly string[] | undefined
  readonly sheet?: string | undefined
  readonly explain?: boolean | undefined
  readonly adopt?: boolean | undefined
}

export async function runImport(options: ImportOptions): Promise<Status> {
  const given: Given[] = []
  for (const argument of options.sources) {
    const { path, ...named } = givenSource(argument)
    given.push({ ...named, text: await openInput(path, options.sheet) })
  }
  if (options.sheet !== undefined && given.every(({ text }) => !text.notes)) throw noWorkbook()
  const read = await importPlan(given, { as: options.as, columns: columnsOf(options.columns ?? []) })
  const notes = given.flatMap(({ text }) => (text.notes ?? []).map((note) => `${text.name}: ${note}`))
  const imported = { ...read, notes: [...notes, ...(read.notes ?? [])] }
  // A plan that lacks what could not be read would pass for a whole one.
  if (hasErrors(imported.findings)) {
    tell(imported)
    say('natplan: no plan was made')
    return status.findings
  }
  if (isEmpty(imported, options.into !== undefined)) {
    tell(imported)
    say('natplan: no plan was made: the input names no network of a site')
    return status.findings
  }
  if (options.into !== undefined) return addTo(options.into, imported, options)
  const text = planText(imported, { explains: options.explain ?? false })
  if (options.output === undefined) print(text)
  else {
    writePlan(options.output, text, imported)
    say(`${options.output} written; check it, then: natplan plan ${options.output}`)
  }
  if (options.adopt) print(adoptText(imported))
  tell(imported)
  return status.good
}

/** Nothing to plan with: names of hosts alone are something for a plan that is there, and no plan. */
function isEmpty({ network, routes = [] }: Imported, isAdded: boolean): boolean {
  const says = (site: WrittenNetwork['sites'][string]) =>
    Object.entries(site).some(([key, value]) => (isAdded || key !== 'hosts') && !isEmptyList(value))
  return !Object.values(network.sites).some(says) && (network.avoid ?? []).length + routes.length === 0
}

function isEmptyList(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0)
}

/** How texts were read, what stands in no plan, and what was found; `others` beside it. */
function tell(imported: Imported, ...others: readonly Said[]): void {
  say(...(imported.notes ?? []).map((note) => `natplan: ${note}`), ...leftOutLines(imported))
  reportFindings([{ findings: imported.findings, documents: {} }, ...others])
}

/** The plan, and beside it the lock with the numbers that run. */
function writePlan(path: string, text: string, { lock }: Imported): void {
  const lockPath = lock && lockFileOf({ file: path })
  if (lockPath !== undefined && existsSync(lockPath)) {
    throw new NatplanError('USAGE', `${lockPath} exists already`, {
      hint: 'it belongs to another plan: choose another name for this one, or move the lock away',
    })
  }
  createFile(path, text)
  if (!lock || lockPath === undefined) return
  createFile(lockPath, writeLock(lock))
  say(`${lockPath} written: it holds the numbers of the rules and interfaces in use`)
}

function addTo(path: string, imported: Imported, { explain = false }: ImportOptions): Status {
  const said = editPlan(path, ({ text, elsewhere }) => intoPlan(text, imported, { explains: explain, elsewhere }))
  say(
    said.isChanged
      ? `${path} has what was imported; check it, then: natplan plan ${path}`
      : `${path} has all of it already`,
  )
  if (imported.lock) say(`natplan: the numbers in use are not in its lock: -o writes a plan with them`)
  tell(imported, said)
  return status.good
}

/** `site=Branch,subnets=LAN` → what each column holds. */
function columnsOf(options: readonly string[]): Map<string, string[]> {
  const columns = new Map<string, string[]>()
  for (const part of options.flatMap((option) => option.split(','))) {
    const at = part.indexOf('=')
    if (at <= 0 || at === part.length - 1) {
      throw new NatplanError('USAGE', `--columns ${part} is not of the form WHAT=COLUMN`, {
        hint: "for example --columns 'site=Branch,subnets=LAN'",
      })
    }
    const what = part.slice(0, at).trim()
    columns.set(what, [...(columns.get(what) ?? []), part.slice(at + 1).trim()])
  }
  return columns
}

/** What to enter on each gateway, one after the other. */
function adoptText({ adoptions = [] }: Imported): string {
  return adoptions.map(({ site, platform, lines }) => [`# ${site} (${platform})`, ...lines, ''].join('\n')).join('')
}

function leftOutLines({ leftOut }: Imported): string[] {
  return leftOut.map(({ what, count, file, line }) => {
    const place = line === undefined ? file : `${file}:${line}`
    return `natplan: left out: ${what}: ${count} (${place}${count > 1 && line !== undefined ? ' and below' : ''})`
  })
}
