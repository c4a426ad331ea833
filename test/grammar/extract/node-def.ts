import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ValueTest } from '../table.ts'
import { allOf, anyOf, Schema } from './schema.ts'

/** Reads a tree of templates as Vyatta Core and what descends from it keep them: a folder a node, a file `node.def` in each. */
export function readNodeDefs(folder: string): Schema {
  const root = new Schema()
  readBelow(root, folder)
  return root
}

function readBelow(schema: Schema, folder: string): void {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (statSync(path).isDirectory() && name !== 'node.tag') readNode(schema.at(name), path)
  }
}

function readNode(schema: Schema, folder: string): void {
  const file = join(folder, 'node.def')
  const fields = existsSync(file) ? fieldsOf(readFileSync(file, 'utf8')) : []
  const valuesOf = (name: string) => fields.filter((field) => field.name === name).map((field) => field.value)
  const types = valuesOf('type').flatMap((value) => value.split(','))
  const isTag = valuesOf('tag').length > 0
  if (isTag) schema.kind = 'tag'
  else if (types.length > 0) schema.kind = valuesOf('multi').length > 0 ? 'leaves' : 'leaf'
  else if (isFlag(folder)) schema.kind = 'flag'
  const named = types.map((type) => type.trim().replace(/;.*$/s, ''))
  const ofType = named.includes('txt') ? undefined : anyOf(named)
  const tests = valuesOf('syntax:expression').map(testOf)
  schema.is = allOf([...(ofType === undefined ? [] : [ofType]), ...tests])
  schema.needs.push(...valuesOf('commit:expression').flatMap(needsOf))
  readBelow(schema, isTag ? join(folder, 'node.tag') : folder)
}

function isFlag(folder: string): boolean {
  return readdirSync(folder).every((name) => name === 'node.def')
}

/** A field begins a line; what follows it on further lines belongs to it. */
export function fieldsOf(text: string): { readonly name: string; readonly value: string }[] {
  const lines = text.replaceAll('\\\n', ' ').split('\n')
  const found: { name: string; value: string }[] = []
  for (const line of lines.filter((one) => !one.startsWith('#'))) {
    const [, name, value] = /^([a-z_]+(?::[a-z]+)?):(.*)$/.exec(line) ?? []
    if (name !== undefined) found.push({ name, value: value?.trim() ?? '' })
    else if (found.at(-1)) (found.at(-1) as { value: string }).value += `\n${line.trim()}`
  }
  return found
}

/** `exec` of a script is named by the script; how a test of that name judges is in `values.ts`. */
export function testOf(expression: string): ValueTest {
  if (/\/sys\/class\/net\/|vyatta-interfaces\.pl/.test(expression)) return 'interface-of-device'
  const [, negated, pattern] = /^(!?) *pattern +\$VAR\(@\) +"((?:[^"\\]|\\.)*)"/.exec(expression) ?? []
  if (pattern !== undefined) return `${negated ? 'not ' : ''}pattern ${fromPosix(pattern)}`
  const words = /^\(?\$VAR\(@\) +in +((?:"[^"]*"[, ]*)+)/.exec(expression)?.[1]
  if (words !== undefined) return `words ${[...words.matchAll(/"([^"]*)"/g)].map(([, word]) => word).join(' ')}`
  if (/^exec/.test(expression)) return scriptOf(expression)
  const equal = [...expression.matchAll(/\$VAR\(@\) *== *(\d+)/g)].map(([, number]) => number)
  const ranged = rangeOf(expression)
  if (equal.length > 0) return anyOf([`words ${equal.join(' ')}`, ...(ranged === undefined ? [] : [ranged])]) ?? ''
  return ranged ?? `unread ${expression.split('\n')[0]}`
}

function rangeOf(expression: string): string | undefined {
  const [, sign, low] = /\$VAR\(@\) *(>=?) *(\d+)/.exec(expression) ?? []
  const [, under, high] = /\$VAR\(@\) *(<=?) *(\d+)/.exec(expression) ?? []
  if (low === undefined) return undefined
  const least = Number(low) + (sign === '>' ? 1 : 0)
  return `numeric --range ${least}-${high === undefined ? 4294967295 : Number(high) - (under === '<' ? 1 : 0)}`
}

function scriptOf(expression: string): ValueTest {
  const inner = /validate-value +(.*)--value/.exec(expression)?.[1]
  if (inner !== undefined) return validatorsIn(inner)
  const [, script, rest = ''] = /(?:sbin|sbindir\}|bin|lib|scripts\/firewall)\/([\w.-]+)([^;"]*)/.exec(expression) ?? []
  if (rest.includes('is-group-defined')) return 'vyatta-ipset --action=is-group-defined'
  if (script !== undefined) return `${script.replace(/\.pl$/, '')} ${wordsIn(rest)}`.trim()
  const [, checker, option] = /(ipaddrcheck) [^"]*(--is-[\w-]+)/.exec(expression) ?? []
  return checker === undefined ? `unread ${expression.split('\n')[0]}` : `${checker} ${option}`
}

function validatorsIn(text: string): ValueTest {
  const patterns = [...text.matchAll(/--regex \\'(.*?)\\'/g)].map(
    ([, pattern = '']) => `pattern ^(?:${unescaped(pattern)})$`,
  )
  const scripts = [...text.matchAll(/--exec \\?"(?:\S*\/)?([\w-]+) *([^"\\]*)\\?"/g)].map(([, name, words = '']) =>
    `${name} ${words.replace('--verbose ', '')}`.trim(),
  )
  return anyOf([...patterns, ...scripts]) ?? `unread ${text}`
}

function unescaped(pattern: string): string {
  return pattern.replace(/^\^|\$$/g, '').replaceAll('\\\\', '\\')
}

/** The arguments without the value itself. */
function wordsIn(rest: string): string {
  return rest
    .replace(/\\?['"]?\$VAR\([^)]*\)\\?['"]?/g, ' ')
    .replace(/[\\'"`)\]\n]/g, ' ')
    .replace(/--[\w-]+=(?=\s|$)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

const classes: Readonly<Record<string, string>> = {
  digit: '0-9',
  upper: 'A-Z',
  lower: 'a-z',
  graph: '!-~',
  print: ' -~',
  alnum: 'a-zA-Z0-9',
}

function fromPosix(pattern: string): string {
  return pattern
    .replace(/\[:(\w+):\]/g, (_, name: string) => classes[name] ?? `[:${name}:]`)
    .replace(/\\([{}])/g, '$1')
    .replace(/\[[^\]]*\]/g, (set) => set.replace(/\\(?=[+&!@#%,:])/g, ''))
}

/** `$VAR(./one/) != "" || $VAR(./other/) != ""`: one of both. */
function needsOf(expression: string): string[][] {
  const condition = expression.split(';')[0] ?? ''
  const parts = condition.split('||').map((part) => /^\s*\$VAR\(\.\/([\w-]+)\/?(?:@@?)?\) *!= *""\s*$/.exec(part)?.[1])
  return parts.every((part) => part !== undefined) ? [parts as string[]] : []
}
