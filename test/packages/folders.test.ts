import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../support/command.ts'

/** Folder → the folders of the same package that its files import from; files at the top are no folder. */
function importsByFolder(name: string): Map<string, Set<string>> {
  const sources = join(root, 'packages', name, 'src')
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' })
  const folders = new Map<string, Set<string>>()
  for (const file of files.filter((one) => one.endsWith('.ts') && !one.endsWith('.test.ts'))) {
    const from = folderOf(file)
    const text = readFileSync(join(sources, file), 'utf8')
    const targets = [...text.matchAll(/(?:from |import\()'(\.[^']+)'/g)].map(([, to = '']) =>
      folderOf(normalize(join(dirname(file), to))),
    )
    const others = targets.filter((to) => to !== from && to !== top)
    if (from !== top) folders.set(from, new Set([...(folders.get(from) ?? []), ...others]))
  }
  return folders
}

const top = ''

function folderOf(file: string): string {
  return file.includes('/') ? (file.split('/', 1)[0] ?? top) : top
}

/** The folders that lead to themselves. */
function circlesIn(folders: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const reaches = (from: string, wanted: string, seen = new Set<string>()): boolean =>
    [...(folders.get(from) ?? [])].some((to) => {
      if (to === wanted) return true
      if (seen.has(to)) return false
      seen.add(to)
      return reaches(to, wanted, seen)
    })
  return [...folders.keys()].filter((folder) => reaches(folder, folder))
}

describe('the folders of a package', () => {
  it.each(['app', 'cli'])('lead down in %s: none imports from one that imports from it', (name) => {
    const folders = importsByFolder(name)
    expect(folders.size).toBeGreaterThan(5)
    expect(circlesIn(folders)).toEqual([])
  })

  it('are seen to go in a circle', () => {
    const folders = new Map([
      ['a', new Set(['b'])],
      ['b', new Set(['c'])],
      ['c', new Set(['b'])],
    ])
    expect(circlesIn(folders)).toEqual(['b', 'c'])
  })
})
