/**
 * A table that is asked with words of strangers: it has its own entries and nothing else, also for `constructor` and the like, which every
 * plain object answers to.
 */
export function wordTable<T>(entries: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.assign(Object.create(null) as Record<string, T>, entries)
}
