import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ValueTest } from '../table.ts'
import { fieldsOf, testOf } from './node-def.ts'
import { allOf, anyOf, Schema } from './schema.ts'
import { all, one, parseYang, type Statement } from './yang-statements.ts'

interface Module {
  readonly statement: Statement
  /** The modules that prefixes stand for. */
  readonly imports: ReadonlyMap<string, string>
}

/** Reads the configuration modules of folders of YANG. Features are taken for there; deviations of single products are left out. */
export function readYang(folders: readonly string[]): Schema {
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
  const modules = files.filter((file) => /\.yang$/.test(file) && !/-op-|deviation|-rpc-/.test(file)).map(moduleOf)
  return new Reader(new Map(modules.map((module) => [module.statement.argument, module])), folders).root()
}

function moduleOf(file: string): Module {
  const [statement] = parseYang(readFileSync(file, 'utf8'))
  if (!statement) throw new Error(`${file} has no module`)
  const imports = all(statement, 'import').map((entry) => [one(entry, 'prefix') ?? '', entry.argument] as const)
  return { statement, imports: new Map([...imports, [one(statement, 'prefix') ?? '', statement.argument]]) }
}

interface Place {
  readonly module: Module
  /** The groupings and types that are in sight, the nearest last. */
  readonly scopes: readonly Statement[]
}

const nodeKeywords = ['container', 'list', 'leaf', 'leaf-list', 'choice', 'case', 'uses']

class Reader {
  readonly #modules: ReadonlyMap<string, Module>
  readonly #folders: readonly string[]

  constructor(modules: ReadonlyMap<string, Module>, folders: readonly string[]) {
    this.#modules = modules
    this.#folders = folders
  }

  root(): Schema {
    const root = new Schema()
    for (const module of this.#modules.values()) {
      const place = { module, scopes: [module.statement] }
      for (const statement of module.statement.inside) {
        if (nodeKeywords.includes(statement.keyword)) this.#add(root, statement, place)
        if (statement.keyword === 'augment') this.#augment(root, statement, place)
      }
    }
    return root
  }

  #augment(schema: Schema, statement: Statement, place: Place): void {
    const names = statement.argument.split('/').filter((name) => name !== '')
    const target = names.reduce((node, name) => node.at(name.replace(/^.*:/, '')), schema)
    for (const inner of statement.inside) this.#add(target, inner, place)
  }

  #add(schema: Schema, statement: Statement, outer: Place): void {
    const { keyword, argument } = statement
    if (!nodeKeywords.includes(keyword) || one(statement, 'config') === 'false') return
    const place = { ...outer, scopes: [...outer.scopes, statement] }
    if (keyword === 'uses') this.#use(schema, statement, place)
    else if (keyword === 'choice' || keyword === 'case') this.#addAll(schema, statement, place)
    else if (keyword === 'container') this.#addAll(schema.at(argument), statement, place)
    else if (keyword === 'list') this.#list(schema.at(argument), statement, place)
    else this.#leaf(schema, statement, place)
  }

  #addAll(schema: Schema, statement: Statement, place: Place): void {
    for (const inner of statement.inside) this.#add(schema, inner, place)
  }

  #list(schema: Schema, statement: Statement, place: Place): void {
    const key = one(statement, 'key') ?? ''
    schema.kind = 'tag'
    for (const inner of statement.inside) {
      if (inner.keyword === 'leaf' && inner.argument === key) schema.is = this.#typeOf(inner, place)
      else this.#add(schema, inner, place)
    }
  }

  #leaf(above: Schema, statement: Statement, place: Place): void {
    const leaf = above.at(statement.argument)
    const isFlag = one(statement, 'type') === 'empty'
    leaf.kind = isFlag ? 'flag' : statement.keyword === 'leaf' ? 'leaf' : 'leaves'
    if (!isFlag) leaf.is = this.#typeOf(statement, place)
    if (one(statement, 'mandatory') === 'true') above.needs.push([statement.argument])
  }

  #use(schema: Schema, statement: Statement, place: Place): void {
    const found = this.#find('grouping', statement.argument, place)
    if (!found) return
    this.#addAll(schema, found.statement, found.place)
    for (const inner of all(statement, 'augment')) this.#augment(schema, inner, place)
    for (const { argument, inside } of all(statement, 'refine')) {
      const path = argument.split('/')
      const above = path.slice(0, -1).reduce((node, name) => node.at(name), schema)
      if (inside.some((one) => one.keyword === 'mandatory' && one.argument === 'true')) above.needs.push(path.slice(-1))
    }
  }

  /** A grouping or a type, in its own place: nearby, in the module, or in the one of its prefix. */
  #find(keyword: string, name: string, { module, scopes }: Place): { statement: Statement; place: Place } | undefined {
    const [prefix, bare] = name.includes(':') ? (name.split(':') as [string, string]) : [undefined, name]
    const home = prefix === undefined ? module : this.#modules.get(module.imports.get(prefix) ?? '')
    if (!home) return undefined
    const near = home === module ? [...scopes].reverse() : [home.statement]
    for (const scope of near) {
      const statement = all(scope, keyword).find(({ argument }) => argument === bare)
      if (statement) return { statement, place: { module: home, scopes: [home.statement, statement] } }
    }
    return undefined
  }

  #typeOf(holder: Statement, place: Place): ValueTest | undefined {
    const [type] = all(holder, 'type')
    return type && this.#testOf(type, place)
  }

  #testOf(type: Statement, place: Place): ValueTest | undefined {
    const inner = all(type, 'type').map((one) => this.#testOf(one, place))
    if (type.argument === 'union') return inner.includes(undefined) ? undefined : anyOf(inner as ValueTest[])
    const own = [...patternsOf(type), ...boundsOf(type), ...scriptsOf(type, this.#folders)]
    const base = this.#baseOf(type, place)
    return allOf([...(base === undefined ? [] : [base]), ...own])
  }

  #baseOf(type: Statement, place: Place): ValueTest | undefined {
    const { argument } = type
    if (argument === 'enumeration')
      return `words ${all(type, 'enum')
        .map((one) => one.argument)
        .join(' ')}`
    if (argument === 'string' || argument === 'leafref') return undefined
    const bits = /^u?int(\d+)$/.exec(argument)?.[1]
    if (bits !== undefined)
      return all(type, 'range').length > 0 ? undefined : `numeric --range 0-${2 ** Number(bits) - 1}`
    const found = this.#find('typedef', argument, place)
    return found ? this.#typeOf(found.statement, found.place) : argument.replace(/^.*:/, '')
  }
}

function patternsOf(type: Statement): ValueTest[] {
  return all(type, 'pattern').map(({ argument }) => `pattern ^(?:${argument})$`)
}

function boundsOf(type: Statement): ValueTest[] {
  const parts = (text: string) =>
    text
      .replaceAll(' ', '')
      .split('|')
      .map((part) => part.replace('..', '-'))
  const ranges = all(type, 'range').flatMap(
    ({ argument }) =>
      anyOf(parts(argument).map((part) => `numeric --range ${part.replace('max', '4294967295')}`)) ?? [],
  )
  const lengths = all(type, 'length').flatMap(
    ({ argument }) => anyOf(parts(argument).map((part) => `length ${part}`)) ?? [],
  )
  return [...ranges, ...lengths]
}

/** The scripts beside YANG that judge a value: those that say their own test, others by their names. */
function scriptsOf(type: Statement, folders: readonly string[]): ValueTest[] {
  return all(type, 'configd:syntax').flatMap(({ argument }) => {
    const path = argument
      .replace(/^.*share\//, '')
      .replace(/\$VAR\(@\)/g, '')
      .trim()
    const file = folders
      .map((folder) => join(folder, '..', path))
      .find((one) => path.endsWith('.cli') && existsSync(one))
    if (file === undefined) return [path]
    const said = fieldsOf(readFileSync(file, 'utf8')).filter(({ name }) => name === 'syntax:expression')
    return said.map(({ value }) => testOf(value))
  })
}
