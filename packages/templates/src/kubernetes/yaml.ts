import { stringify } from 'yaml'

/**
 * Writes plain data as YAML that readers of version 1.1 and of version 1.2 take for the same: keys in the order of the object, long
 * lines whole, texts of several lines as blocks. Anything but plain data (undefined, a class, a number that is not finite) is a bug
 * and throws.
 */
export function toYaml(value: unknown): string {
  requirePlain(value, '')
  return stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false })
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
