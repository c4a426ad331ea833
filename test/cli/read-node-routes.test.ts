import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readNodeRoutes } from '../../packages/app/src/configs/read-node-routes.ts'
import { readNamed } from '../../packages/cli/src/input/read-text.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('readNodeRoutes', () => {
  it('reads a file, and knows where its findings are', () => {
    const folder = temporaryFolder({ 'nodes.txt': '# a\ndefault dev eth0\nwhat is this\n' })
    const path = join(folder, 'nodes.txt')
    const { nodes, document, findings } = readNodeRoutes(readNamed(path))
    expect(nodes.map(({ name }) => name)).toEqual(['a'])
    expect(document.name).toBe(path)
    expect(findings.map(({ place }) => document.locate(place))).toEqual([{ line: 3, column: 1 }])
  })

  it.each([
    ['without routes', 'net.ipv4.conf.all.rp_filter = 1\n', 'USAGE'],
    ['that is empty', '', 'FILE_EMPTY'],
  ])('refuses a file %s', (_, text, code) => {
    const folder = temporaryFolder({ 'nodes.txt': text })
    expect(() => readNodeRoutes(readNamed(join(folder, 'nodes.txt')))).toThrow(expect.objectContaining({ code }))
  })
})
