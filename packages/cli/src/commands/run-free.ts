import {
  type FreeFound,
  findingToDocument,
  freeDocument,
  freeRows,
  freeTables,
  inputReport,
  inSpace,
  parseSpaceKey,
  type SpaceKey,
  spaceNames,
} from '@natplan/app'
import {
  type Finding,
  findingOf,
  hasErrors,
  inInput,
  NatplanError,
  PoolSpace,
  Prefix,
  PrefixTable,
  spaceTakenIn,
} from '@natplan/core'
import { visible } from '@natplan/templates'
import { refuseSameFile } from '../files/same-file.ts'
import { defaultPlanFile, lockFileOf } from '../input/load-network.ts'
import { loadPlan } from '../input/load-plan.ts'
import { type InputsOptions, type ReadInputs, readInputs } from '../input/prefixes/read-inputs.ts'
import type { AnyFormat } from '../output/formats.ts'
import { printResult } from '../output/print-result.ts'
import { reportFindings, type Said } from '../output/report-findings.ts'
import { type Status, status } from '../terminal/status.ts'
import { print, say } from '../terminal/streams.ts'
import { sortItems } from './sort-items.ts'

export interface FreeOptions extends InputsOptions {
  readonly output: AnyFormat
  readonly items?: readonly string[] | undefined
  readonly in?: readonly string[] | undefined
  readonly file?: string | undefined
  readonly lock?: string | undefined
  readonly length?: number | undefined
  readonly count?: number | undefined
}

const defaultCount = 20
/** So many of the largest free blocks are listed. */
const largestListed = 10

interface Known extends Said {
  readonly pools: readonly Prefix[]
  readonly taken: readonly Prefix[]
}

/** Space that is in use by mistake costs little; space that is free by mistake costs a collision: so host bits are dropped here. */
export async function runFree(options: FreeOptions): Promise<Status> {
  const pools = poolsOf(options)
  checkNumbers(options, pools)
  const inputs = sortItems(options.items ?? [])
  const { file, lock, badLines } = options
  refuseSameFile(
    [{ option: '--bad-lines', path: badLines }],
    [...inputs.files, file ?? defaultPlanFile, lockFileOf({ file, lock })],
  )
  const plan = planOf(options)
  if (plan && hasErrors(plan.findings)) return refuse([plan])
  const key = options.by === undefined ? undefined : parseSpaceKey(options.by)
  const all = await readInputs(inputs, { ...options, hostBits: options.hostBits ?? 'mask' })
  const read = key ? inOneSpace(all, key) : all
  const said: Said[] = [
    ...(plan ? [plan] : []),
    ...read.findings.map(({ document, findings }) => ({ findings, documents: { input: document } })),
  ]
  if (said.some(({ findings }) => hasErrors(findings))) return refuse(said)
  const found = find(pools ?? plan?.pools ?? [], { read, taken: plan?.taken ?? [], options })
  const tooFew = tooFewOf(found, { options, taken: plan?.taken ?? [] })
  const told = [...said, { findings: tooFew, documents: { input: { name: 'natplan', locate: () => undefined } } }]
  printFree(found, told, options.output)
  reportFindings(told)
  return hasErrors(tooFew) ? status.findings : status.good
}

/** Free space is that of one VRF or the like: which one, nobody can guess. */
function inOneSpace(read: ReadInputs, key: SpaceKey): ReadInputs {
  if (key.only === undefined) {
    const names = spaceNames(read.inputs)
      .slice(0, 10)
      .map((name) => ` ${visible(`${key.key}=${name}`)},`)
    throw new NatplanError('USAGE', `--by ${visible(key.key)}: in which one?`, {
      hint: `--by${names.join('')} or --by ${visible(key.key)}= for what names none`,
    })
  }
  return { ...read, inputs: read.inputs.map((input) => inSpace(input, key)) }
}

function poolsOf(options: FreeOptions): readonly Prefix[] | undefined {
  return options.in?.flatMap((text) => text.split(',')).map((text) => Prefix.parse(text))
}

function checkNumbers({ length, count }: FreeOptions, pools: readonly Prefix[] | undefined): void {
  const longest = pools?.some(({ family }) => family === 6) ? 128 : 32
  if (length !== undefined && !(Number.isInteger(length) && length >= 0 && length <= longest)) {
    throw new NatplanError('USAGE', `--length is a whole number from 0 to ${longest}`)
  }
  if (count === undefined) return
  if (length === undefined) throw new NatplanError('USAGE', '--count is only for use with --length')
  if (!Number.isInteger(count) || count < 1 || count > 2 ** 24) {
    throw new NatplanError('USAGE', `--count is a whole number from 1 to ${2 ** 24}`)
  }
}

/** What a plan has in use; undefined when none is named and none is needed. */
function planOf(options: FreeOptions): Known | undefined {
  const { file, lock } = options
  if (file === undefined && options.in) return undefined
  if (file === undefined && (options.items ?? []).length > 0) {
    throw new NatplanError('USAGE', 'no pool is named', { hint: '--in 10.0.0.0/8, or -f PLAN for the pools of a plan' })
  }
  const { plan, findings, documents } = loadPlan({ file, lock })
  const relevant = findings.filter(({ severity }) => severity === 'error')
  return {
    pools: plan?.network.pools ?? [],
    taken: plan ? spaceTakenIn(plan) : [],
    findings: relevant,
    documents,
  }
}

function find(
  pools: readonly Prefix[],
  {
    read,
    taken,
    options,
  }: { readonly read: ReadInputs; readonly taken: readonly Prefix[]; readonly options: FreeOptions },
): FreeFound {
  const ofPlan = new PrefixTable()
  for (const prefix of taken) ofPlan.add(prefix, 0)
  const space = new PoolSpace(pools, [...read.inputs.map(({ table }) => table), ofPlan])
  const { length, count = defaultCount } = options
  return {
    inputs: read.inputs,
    by: options.by === undefined ? undefined : parseSpaceKey(options.by),
    use: space.utilisation(),
    largest: space.largest(largestListed),
    ...(length === undefined ? {} : { length, blocks: space.freeBlocks(length, count) }),
  }
}

function tooFewOf(
  { blocks, length, use, inputs }: FreeFound,
  { options: { count }, taken }: { readonly options: FreeOptions; readonly taken: readonly Prefix[] },
): Finding[] {
  const wanted = count ?? 1
  if (!blocks || blocks.length >= wanted) return []
  const pools = use.map(({ pool }) => pool).join(', ')
  const largest = use.map((one) => one.largest).filter((block) => block !== undefined)
  const best = largest.toSorted((a, b) => a.length - b.length)[0]
  const there = blocks.length === 0 ? 'no' : `only ${blocks.length}`
  return [
    findingOf('BLOCKS_TOO_FEW', inInput(), {
      message: `${there} /${length} ${blocks.length === 1 ? 'is' : 'are'} free in ${pools}`,
      hint: best ? `the largest free block is ${best}` : (fillingHint(use, inputs, taken) ?? nothingFree),
    }),
  ]
}

const nothingFree = 'nothing is free there: name another pool with --in'

/** What covers a whole pool is seldom a network: a firewall's group, a summary. */
function fillingHint(use: FreeFound['use'], inputs: FreeFound['inputs'], taken: readonly Prefix[]): string | undefined {
  const covers = (prefix: Prefix) => use.some(({ pool }) => prefix.contains(pool))
  for (const { table, name } of inputs) {
    for (let row = 0; row < table.size; row++) {
      const prefix = table.prefixAt(row)
      if (covers(prefix)) return `${prefix} of ${name}:${table.lineAt(row)} fills it: --ignore ${prefix} leaves it out`
    }
  }
  const ofPlan = taken.find(covers)
  return ofPlan && `${ofPlan} of the plan fills it: name another pool with --in`
}

function printFree(found: FreeFound, all: readonly Said[], output: AnyFormat): void {
  if (output === 'csv' || output === 'ndjson') {
    print(freeRows(found, output))
    say(...inputReport(found.inputs))
    return
  }
  const findings = () =>
    all.flatMap(({ findings, documents }) => findings.map((finding) => findingToDocument(finding, documents)))
  printResult({ tables: () => freeTables(found), document: () => freeDocument(found, findings()) }, output)
}

function refuse(said: readonly Said[]): Status {
  reportFindings(said)
  return status.findings
}
