/** What stands for a name in a text. */
export interface Names {
  readonly site: string | undefined
  readonly peer?: string | undefined
}

const braces = /\{(site|peer)\}/g

/** A value with the names that its texts have in braces; `{other}`, which stands for nothing, stays. */
export function filled(value: unknown, names: Names): unknown {
  if (typeof value === 'string') {
    return value.includes('{') ? value.replace(braces, (text, name: keyof Names) => names[name] ?? text) : value
  }
  if (Array.isArray(value)) return value.map((item) => filled(item, names))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner, names)]))
}

/** Reports whether a text in here has a name in braces. */
export function hasNames(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('{') && value.search(braces) >= 0
  return typeof value === 'object' && value !== null && Object.values(value).some(hasNames)
}
