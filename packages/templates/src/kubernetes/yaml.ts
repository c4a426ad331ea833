import { Document, isScalar, type Scalar, visit } from 'yaml'

/**
 * Writes plain data as YAML that every reader takes for the same: every text is quoted, or a block where it has several lines, for readers
 * disagree about what else a bare word could be (`0o7`, `1_000`, `12:30`, `yes`). Keys are in the order of the object; those that are words
 * stay bare. Anything but plain data (undefined, a class, a number that is not finite) is a bug and throws.
 */
export function toYaml(value: unknown): string {
  requirePlain(value, '')
  const document = new Document(value, { aliasDuplicateObjects: false })
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key) && typeof key.value === 'string') key.type = isWord(key.value) ? 'PLAIN' : 'QUOTE_DOUBLE'
    },
    Scalar: (key, scalar) => {
      if (key !== 'key' && typeof scalar.value === 'string') scalar.type = styleOf(scalar.value)
    },
  })
  return document.toString({ lineWidth: 0 })
}

/** A key that no reader takes for anything else: it begins with a letter, and is none of the words of YAML, nor a power of ten. */
function isWord(key: string): boolean {
  return /^[A-Za-z][A-Za-z0-9./_-]*$/.test(key) && !/^(y|yes|n|no|on|off|true|false|null|e-?[\d_.]+)$/i.test(key)
}

function styleOf(text: string): Scalar.Type {
  return text.includes('\n') ? 'BLOCK_LITERAL' : 'QUOTE_DOUBLE'
}

function requirePlain(value: unknown, path: string): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return
  if (typeof value === 'number' && Number.isFinite(value)) return
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      requirePlain(item, `${path}[${index}]`)
    })
    return
  }
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) {
    throw new Error(`${path} is not plain data`)
  }
  for (const [key, item] of Object.entries(value)) requirePlain(item, `${path}.${key}`)
}
