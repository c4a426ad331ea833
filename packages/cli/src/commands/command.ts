import type { Argv } from 'yargs'
import type { Status } from '../status.ts'

/** One command: what it is called, what it takes, and what it does; its work is loaded when it runs. */
export interface Command<Given = unknown> {
  /** With its positional arguments, as yargs writes them. */
  readonly name: string | readonly string[]
  readonly about: string
  readonly options: (parser: Argv) => Argv
  readonly run: (given: Given) => Promise<Status>
}

export const formats = ['table', 'json', 'yaml', 'markdown'] as const
export type Format = (typeof formats)[number]

/** Of commands whose result is text to enter somewhere. */
export const diffFormats = ['text', 'json', 'yaml'] as const
export type DiffFormat = (typeof diffFormats)[number]

export interface InputOptions {
  readonly file?: string | undefined
  readonly site?: readonly string[] | undefined
  readonly pool?: readonly string[] | undefined
  readonly lock?: string | undefined
  readonly save?: boolean | undefined
}

export interface OutputOptions {
  readonly output: Format
}

const fileOption = {
  alias: 'f',
  type: 'string',
  describe: 'The plan file; - is standard input',
  defaultDescription: 'natplan.yaml',
} as const

/** Where the network comes from: a plan file, or the command line itself. */
export function inputOptions(parser: Argv): Argv {
  return parser
    .option('file', fileOption)
    .option('site', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'Without a file: NAME=PREFIX[,PREFIX...], once for each site',
    })
    .option('pool', { type: 'string', array: true, nargs: 1, describe: 'With --site: space for translated prefixes' })
    .option('lock', {
      type: 'string',
      describe: 'The lock file',
      defaultDescription: 'beside the plan file: natplan.lock.yaml',
    })
}

export function outputOption(parser: Argv): Argv {
  return parser.option('output', { choices: formats, default: 'table' as const, describe: 'How to print the result' })
}

/** Where a plan is read from by commands that need a plan file. */
export interface PlanFileOptions {
  readonly plan?: string | undefined
  readonly file?: string | undefined
  readonly lock?: string | undefined
}

export function planFileOptions(parser: Argv): Argv {
  return planFileOption(parser.positional('plan', { type: 'string', describe: 'The plan file (same as --file)' }))
}

/** For commands whose arguments are something else. */
export function planFileOption(parser: Argv): Argv {
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
  describe: 'What "ip route show" says on nodes: SITE=FILE, or FILE for the only site with nodes, else the first',
} as const

/** Running configurations to fit in with. */
export const existingOption = {
  type: 'string',
  array: true,
  nargs: 1,
  describe: 'A running configuration to fit in with: SITE=FILE, once for each site',
} as const
