import { stringify } from 'yaml'
import { escapedText, unseen } from './escaped-text.ts'

/** YAML in which every character can be seen, and no line begins a command of a program that reads logs. */
export function yamlText(document: unknown): string {
  const pieces = piecesOf(document, plain)
  const isUnsafe = (yaml: string) => unseen.test(yaml) || yaml.includes('\t') || /^\s*::[a-z]/im.test(yaml)
  return pieces.some(isUnsafe) ? escapedText(piecesOf(document, quoted).join('')) : pieces.join('')
}

const plain = { lineWidth: 0, aliasDuplicateObjects: false } as const

/** Every text between quotes and on one line. */
const quoted = {
  ...plain,
  defaultStringType: 'QUOTE_DOUBLE',
  doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
} as const

type Options = typeof plain | typeof quoted

/** The same as of the whole at once, of which the nodes that are made of it would fill the memory: what a list of the document holds is written thing by thing. */
function piecesOf(document: unknown, options: Options): string[] {
  const isMapping = typeof document === 'object' && document !== null && !Array.isArray(document)
  const entries = isMapping ? Object.entries(document).filter(([, value]) => value !== undefined) : []
  if (entries.length === 0) return [stringify(document, options)]
  return entries.flatMap(([key, value]) => {
    if (!Array.isArray(value) || value.length === 0) return stringify({ [key]: value }, options)
    const head = stringify({ [key]: 0 }, options)
      .replace(/0\n$/, '')
      .trimEnd()
    return [`${head}\n`, ...value.map((thing) => stringify([thing], options).replace(/^(?=.)/gm, '  '))]
  })
}
