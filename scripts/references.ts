// The texts that are made from the code: each file's path in the checkout and what it must hold.
import {
  type Code,
  type CodeEntry,
  checks,
  codes,
  coreLimits,
  type DispositionEntry,
  dispositions,
  flowFindingCodes,
  type Limit,
  writtenNetwork,
  writtenPlan,
} from '@natplan/core'
import * as z from 'zod/mini'
import { limits as commandLimits } from '../packages/app/src/limits.ts'
import { diffDocument } from '../packages/app/src/results/schemas/diff.ts'
import { freeSpaceDocument, inputOverlapsDocument } from '../packages/app/src/results/schemas/inputs.ts'
import { labDocument } from '../packages/app/src/results/schemas/lab.ts'
import { checkedNamesDocument, namesDocument } from '../packages/app/src/results/schemas/names.ts'
import { overlapsDocument, planDocument } from '../packages/app/src/results/schemas/plan.ts'
import { traceDocument } from '../packages/app/src/results/schemas/trace.ts'
import { verifyDocument } from '../packages/app/src/results/schemas/verify.ts'
import { limits as pageLimits } from '../packages/page/src/limits.ts'
import { limits as templateLimits } from '../packages/templates/src/limits.ts'
import { followedReference } from './followed.ts'
import { pictures } from './pictures.ts'

const madeBy = '<!-- Made from the code by "pnpm generate"; do not edit. -->'

type JsonSchema = {
  readonly title?: string
  readonly description?: string
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly additionalProperties?: JsonSchema | boolean
  readonly anyOf?: readonly JsonSchema[]
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>
  readonly if?: object
  readonly else?: JsonSchema
}

function schemaOf(type: z.ZodMiniType): JsonSchema {
  return z.toJSONSchema(type, { io: 'input' }) as JsonSchema
}

/** For editors: what defaults say may be left out, where there are any, and every mapping takes keys of people themselves. */
function planSchema(): JsonSchema {
  const { sites = {} } = schemaOf(writtenNetwork).properties ?? {}
  const whole = requiredOf(sites)
  return {
    ...withOwnKeys(schemaOf(writtenPlan())),
    if: { required: ['defaults'] },
    ...(whole ? { else: { properties: { sites: whole } } } : {}),
  }
}

function withOwnKeys(schema: JsonSchema): JsonSchema {
  const { properties, items, additionalProperties, anyOf } = schema
  return {
    ...schema,
    ...(properties ? { properties: eachOf(properties, withOwnKeys) } : {}),
    ...(items ? { items: withOwnKeys(items) } : {}),
    ...(anyOf ? { anyOf: anyOf.map(withOwnKeys) } : {}),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: withOwnKeys(additionalProperties) } : {}),
    ...(additionalProperties === false ? { patternProperties: { '^x-': {} } } : {}),
  }
}

/** Of a schema only what must be there. */
function requiredOf({ properties = {}, required = [], additionalProperties }: JsonSchema): JsonSchema | undefined {
  const below = Object.entries(properties).flatMap(([key, value]) => {
    const needed = requiredOf(value)
    return needed ? [[key, needed] as const] : []
  })
  const each = typeof additionalProperties === 'object' ? requiredOf(additionalProperties) : undefined
  if (below.length === 0 && required.length === 0 && !each) return undefined
  return {
    ...(required.length > 0 ? { required } : {}),
    ...(below.length > 0 ? { properties: Object.fromEntries(below) } : {}),
    ...(each ? { additionalProperties: each } : {}),
  }
}

function eachOf(properties: Readonly<Record<string, JsonSchema>>, change: (schema: JsonSchema) => JsonSchema) {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, change(value)]))
}

function json(schema: JsonSchema): string {
  return `${JSON.stringify(schema, null, 2)}\n`
}

function errorReference(): string {
  const intro = `# Codes

${madeBy}

Every problem that natplan reports has a code. \`natplan explain CODE\` prints the same text. With an *error* there is no plan, or the device refuses it; a
*risk* can be applied but may misbehave; a *note* is worth knowing. Codes are stable.
`
  const sections = Object.entries<CodeEntry>(codes).map(
    ([code, { severity, title, text }]) => `\n## ${code}\n\n*${severity}*: ${title}\n\n${text}\n`,
  )
  return intro + sections.join('')
}

function dispositionReference(): string {
  const rows = Object.entries<DispositionEntry>(dispositions).map(
    ([name, { title, meaning }]) => `| \`${name}\` | ${title} | ${meaning} |`,
  )
  return `# Dispositions

${madeBy}

Every packet that \`natplan trace\` follows ends in one of these ways, either on its way there or with its answer on the way back.

| disposition | title | meaning |
| --- | --- | --- |
${rows.join('\n')}
`
}

function checksReference(): string {
  const link = (code: Code) => `[${code}](errors.md#${code.toLowerCase()}) (${codes[code].severity})`
  const rows = checks.map(({ about, codes: found }) => `| ${about} | ${found.map(link).join(', ')} |`)
  const flows = flowFindingCodes.map((code) => `| ${link(code)} | ${codes[code].title} |`)
  return `# What is verified

${madeBy}

\`natplan verify\` checks each of these; [Verifying](verify.md) says how to run it and what its result means.

| what is true when nothing is found | otherwise |
| --- | --- |
${rows.join('\n')}

Then natplan follows every packet that is meant to arrive, and its answer, in ranges of addresses that are treated alike and together
hold every address:

| code | what happens |
| --- | --- |
${flows.join('\n')}
`
}

function planFileReference(): string {
  const schema = schemaOf(writtenNetwork)
  const { defaults = {} } = schemaOf(writtenPlan()).properties ?? {}
  const rows = fieldsOf({ ...schema, properties: { ...schema.properties, defaults } }, '').map(
    ({ path, kind, required, text }) => `| \`${path}\` | ${kind} | ${required} | ${text} |`,
  )
  return `# The plan file

${madeBy}

YAML 1.2 (anchors and merge keys work) or JSON with the same keys, UTF-8. \`natplan init\` writes a commented one. Editors check
it while you type when its first line names the [JSON Schema](../schema/natplan.schema.json):

    # yaml-language-server: $schema=natplan.schema.json

In every mapping whose keys are listed here, keys that begin with \`x-\` are yours, for notes and for anchors. natplan ignores them.
[Many sites](many-sites.md) says how \`defaults\` and \`include\` keep a plan short.

| field | kind | required | meaning |
| --- | --- | --- | --- |
${rows.join('\n')}
`
}

function limitsReference(): string {
  const rows = (all: Readonly<Record<string, Limit>>) =>
    Object.values(all).map(({ what, most, why }) => `| ${what} | ${most.toLocaleString('en')} | ${why} |\n`)
  const table = (all: Readonly<Record<string, Limit>>) =>
    `| of | at most | because |\n| --- | --- | --- |\n${rows(all).join('')}`
  return `# Limits

${madeBy}

What natplan reads may come from anybody, so everything that grows has a limit. Beyond a limit there is a finding that names it, never half an
answer that looks like a whole one: a plan that is too large is an error, and for a configuration that is too large natplan says what is not known.

## What the command reads

${table(commandLimits)}
## What is read from a configuration

${table(templateLimits)}
## What the page takes

${table(pageLimits)}
## What is checked and reported

${table(coreLimits)}`
}

interface Field {
  readonly path: string
  readonly kind: string
  readonly required: string
  readonly text: string
}

function fieldsOf(schema: JsonSchema, path: string): Field[] {
  if (schema.anyOf) return schema.anyOf.flatMap((option) => fieldsOf(option, path))
  if (schema.items) return fieldsOf(schema.items, `${path}[]`)
  if (typeof schema.additionalProperties === 'object') return fieldsOf(schema.additionalProperties, `${path}.NAME`)
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`
    const required = schema.required?.includes(key) ? 'yes' : ''
    const text = (value.description ?? '').replaceAll('|', '\\|')
    // What stands there is said of sites and tunnels already.
    const below = path === 'defaults' ? [] : fieldsOf(value, here)
    return [{ path: here, kind: kindOf(value), required, text }, ...below]
  })
}

function kindOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.join(', ')
  if (schema.anyOf) return schema.anyOf.map(kindOf).join(' or ')
  if (schema.items) return `list of ${kindOf(schema.items)}`
  return { object: 'mapping', string: 'text', integer: 'number' }[schema.type ?? ''] ?? schema.type ?? ''
}

export const references: Readonly<Record<string, string>> = {
  'docs/errors.md': errorReference(),
  'docs/verify-checks.md': checksReference(),
  'docs/dispositions.md': dispositionReference(),
  'docs/limits.md': limitsReference(),
  'docs/followed.md': followedReference(madeBy),
  'docs/plan-file.md': planFileReference(),
  'schema/natplan.schema.json': json(planSchema()),
  'schema/plan-output.schema.json': json(schemaOf(planDocument)),
  'schema/diff-output.schema.json': json(schemaOf(diffDocument)),
  'schema/lab-output.schema.json': json(schemaOf(labDocument)),
  'schema/overlaps-output.schema.json': json(schemaOf(overlapsDocument)),
  'schema/trace-output.schema.json': json(schemaOf(traceDocument)),
  'schema/names-output.schema.json': json(schemaOf(namesDocument)),
  'schema/checked-names-output.schema.json': json(schemaOf(checkedNamesDocument)),
  'schema/verify-output.schema.json': json(schemaOf(verifyDocument)),
  'schema/overlaps-of-files-output.schema.json': json(schemaOf(inputOverlapsDocument)),
  'schema/free-output.schema.json': json(schemaOf(freeSpaceDocument)),
  ...pictures,
}
