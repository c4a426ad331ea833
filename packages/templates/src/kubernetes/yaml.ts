/**
 * Writes plain data as YAML that every reader takes for the same: every text is quoted, or a block where it has several lines, for readers
 * disagree about what else a bare word could be (`0o7`, `1_000`, `12:30`, `yes`). Keys are in the order of the object; those that are words
 * stay bare. Anything but plain data (undefined, a class, a number that is not finite) is a bug and throws.
 */
export function toYaml(value: object): string {
  requirePlain(value, '')
  return linesOf(value)
    .map((line) => `${line}\n`)
    .join('')
}

/** The first line goes on behind what the value belongs to. */
function linesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return isBlock(value) ? blockOf(value) : [JSON.stringify(value)]
  if (!isFull(value)) return [JSON.stringify(value)]
  if (Array.isArray(value)) return value.flatMap((item) => hung('-', linesOf(item)))
  return Object.entries(value).flatMap(([key, item]) => {
    const name = `${isWord(key) ? key : JSON.stringify(key)}:`
    const lines = linesOf(item)
    return isFull(item) ? [name, ...lines.map(indented)] : hung(name, lines)
  })
}

/** A list or a mapping that holds something. */
function isFull(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

function hung(lead: string, [first = '', ...more]: readonly string[]): string[] {
  return [`${lead} ${first}`, ...more.map(indented)]
}

function indented(line: string): string {
  return line === '' ? '' : `  ${line}`
}

/** Several lines without blanks around them, of which every sign can stand as it is. */
function isBlock(text: string): boolean {
  return text.includes('\n') && /^\S(?:.*\S)?\n?$/s.test(text) && !/[^\t\n\P{C}]/u.test(text)
}

function blockOf(text: string): string[] {
  return text.endsWith('\n') ? ['|', ...text.slice(0, -1).split('\n')] : ['|-', ...text.split('\n')]
}

/** A key that no reader takes for anything else: it begins with a letter, and is none of the words of YAML, nor a power of ten. */
function isWord(key: string): boolean {
  return /^[A-Za-z][A-Za-z0-9./_-]*$/.test(key) && !/^(y|yes|n|no|on|off|true|false|null|e-?[\d_.]+)$/i.test(key)
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
