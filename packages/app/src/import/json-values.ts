/** What stands at the end of these keys; `undefined` where something on the way is no object or has no such key of its own. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  let found = value
  for (const key of keys) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined
    found = (found as Readonly<Record<string, unknown>>)[key]
  }
  return found
}

/** The text there, if it is one and not empty. */
export function textAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = at(value, ...keys)
  return typeof found === 'string' && found !== '' ? found : undefined
}

/** The elements of the list there; none where there is no list. */
export function listAt(value: unknown, ...keys: readonly string[]): readonly unknown[] {
  const found = at(value, ...keys)
  return Array.isArray(found) ? found : []
}

/** The texts of the list there. */
export function textsAt(value: unknown, ...keys: readonly string[]): readonly string[] {
  return listAt(value, ...keys).filter((one) => typeof one === 'string')
}

/** The keys and texts of the object there. */
export function textEntriesAt(value: unknown, ...keys: readonly string[]): readonly (readonly [string, string])[] {
  const found = at(value, ...keys)
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return []
  return Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
}
