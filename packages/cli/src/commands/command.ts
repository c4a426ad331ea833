import { NatplanError } from '@natplan/core'
import type { ArgumentsCamelCase, Argv } from 'yargs'
import { anyFormats, type FindingFormat, type Format, findingFormats, formats } from '../output/formats.ts'
import type { Status } from '../terminal/status.ts'
import { type Told, toldBy } from './told-by.ts'

/** One command of natplan, ready to be offered. */
export interface Command {
  /** With its positional arguments, as yargs writes them. */
  readonly name: string | readonly string[]
  readonly about: string
  /** Tells a parser what it takes. */
  readonly options: (parser: Argv) => Argv<unknown>
  /** Offers it on a command line; `take` gets what was given with it. */
  readonly addTo: (parser: Argv, take: (given: object) => Promise<void>) => void
  /** Runs it with its options and arguments. */
  readonly run: (given: object) => Promise<Status>
}

/** What a command is called, what it takes, and what it does with that; its work is loaded when it runs. */
interface Definition<Given> {
  readonly name: Command['name']
  readonly about: string
  readonly options: (parser: Argv) => Argv<Given>
  readonly run: (given: ArgumentsCamelCase<Given>) => Promise<Status>
}

export function command<Given>({ name, about, options, run }: Definition<Given>): Command {
  return {
    name,
    about,
    options,
    run: (given) => run(given as ArgumentsCamelCase<Given>),
    addTo: (parser, take) => {
      const withValues = (inner: Argv) => requireValues(options(inner), positionalsOf({ name }))
      parser.command(name, about, withValues, async (given) => {
        refuseRepeated(given, toldBy(parser))
        await take(given)
      })
    },
  }
}

/** The parser makes a list of what is given twice. */
function refuseRepeated(given: object, { array, key }: Told): void {
  const repeated = Object.entries(given).find(
    ([name, value]) => Array.isArray(value) && name in key && name.length > 1 && !array.includes(name),
  )
  if (repeated) throw new NatplanError('USAGE', `--${repeated[0]} is given more than once`)
}

/** Without a value an option for a text would be an empty one. */
function requireValues<Given>(parser: Argv<Given>, positionals: readonly string[]): Argv<Given> {
  return parser.requiresArg(toldBy(parser).string.filter((name) => !positionals.includes(name)))
}

/** `configs` of `verify [configs..]`. */
export function positionalsOf({ name }: Pick<Command, 'name'>): string[] {
  return [...([name].flat()[0] ?? '').matchAll(/[<[](\w+)/g)].map(([, one = '']) => one)
}

/** `verify` of `verify [configs..]`. */
export function nameOf(written: string): string {
  return written.split(' ', 1)[0] ?? ''
}

export interface FindingOptions {
  readonly format: FindingFormat
}

export function findingOption<Given>(parser: Argv<Given>) {
  return parser.option('format', {
    choices: findingFormats,
    default: 'text' as const,
    describe: 'How to report findings; github: as annotations; sarif: on standard output, in place of the result',
  })
}

export interface OutputOptions {
  readonly output: Format
}

export const fileOption = {
  alias: 'f',
  type: 'string',
  describe: 'The plan file; - is standard input',
  defaultDescription: 'natplan.yaml',
} as const

/** Where the network comes from: a plan file, or the command line itself. */
export function inputOptions<Given>(parser: Argv<Given>) {
  return parser
    .option('file', fileOption)
    .option('site', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'Without a file: NAME=PREFIX[,PREFIX...], once for each site',
    })
    .option('pool', { type: 'string', array: true, nargs: 1, describe: 'With --site: pools for translated prefixes' })
    .option('lock', {
      type: 'string',
      describe: 'The lock file',
      defaultDescription: 'beside the plan file: natplan.lock.yaml',
    })
}

export function outputOption<Given>(parser: Argv<Given>) {
  return parser.option('output', { choices: formats, default: 'table' as const, describe: 'How to print the result' })
}

export function anyOutputOption<Given>(parser: Argv<Given>) {
  return parser.option('output', {
    choices: anyFormats,
    default: 'table' as const,
    describe: 'How to print the result',
  })
}

/** How files of prefixes are read. */
export function readingOptions<Given>(parser: Argv<Given>) {
  return parser
    .option('format', {
      choices: ['list', 'csv', 'json', 'ndjson', 'extract'] as const,
      describe: 'How to read the inputs',
      defaultDescription: 'by their content',
    })
    .option('column', { type: 'string', array: true, nargs: 1, describe: 'For a table: NAME, NUMBER, or ADDRESS,MASK' })
    .option('sheet', { type: 'string', nargs: 1, describe: 'For a workbook: the name of the sheet' })
    .option('path', { type: 'string', array: true, nargs: 1, describe: 'For JSON: for example .Subnets[].CidrBlock' })
    .option('extract', { type: 'boolean', describe: 'Find prefixes in any text, such as the output of a router' })
    .option('host-bits', { choices: ['refuse', 'mask'] as const, describe: 'What to do with 10.0.1.5/24' })
    .option('leaf', {
      type: 'boolean',
      describe: 'Leave out prefixes that contain others of their input: containers, summaries',
    })
    .option('ignore', { type: 'string', array: true, nargs: 1, describe: 'Prefixes to leave out wherever they occur' })
    .option('by', {
      type: 'string',
      nargs: 1,
      describe: 'Keep address spaces apart: vrf, or a column or key such as tenant; vrf=NAME: only this one',
    })
    .option('strict', { type: 'boolean', describe: 'Treat bad lines as errors' })
    .option('bad-lines', { type: 'string', describe: 'Write every bad line to this file' })
}

/** Where a plan is read from by commands that need a plan file. */
export interface PlanFileOptions {
  readonly plan?: string | undefined
  readonly file?: string | undefined
  readonly lock?: string | undefined
}

export function planFileOptions<Given>(parser: Argv<Given>) {
  return planFileOption(parser.positional('plan', { type: 'string', describe: 'The plan file (same as --file)' }))
}

/** For commands whose arguments are something else. */
export function planFileOption<Given>(parser: Argv<Given>) {
  return parser
    .option('file', fileOption)
    .option('lock', { type: 'string', describe: 'The lock file', defaultDescription: 'beside the plan file' })
}

/** What real gateways and nodes show, beside a plan or without one. */
export interface ShownOptions {
  readonly routes?: readonly string[] | undefined
}

export const routesOption = {
  type: 'string',
  array: true,
  nargs: 1,
  describe:
    'The output of "show ip route" or "ip route show table all" on a gateway, or "ip route show" on nodes: SITE=FILE, or FILE for the only site with nodes, or else the first',
} as const

/** Of commands that read keys. */
export interface KeyOptions {
  readonly keyFolder?: readonly string[] | undefined
}

export const keyFolderOption = {
  type: 'string',
  array: true,
  nargs: 1,
  describe: "A folder with keys that the plan may name, beside the plan's own",
} as const

/** Running configurations to fit in with. */
export const existingOption = {
  type: 'string',
  array: true,
  nargs: 1,
  describe: 'A running configuration to fit the new one into: SITE=FILE, once for each site',
} as const
