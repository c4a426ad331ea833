import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OperationsTable, Table } from '../table.ts'
import { operations, readOperations } from './operations.ts'
import { folderOf, readRelease, releases } from './releases.ts'
import { nodesOf } from './schema.ts'

/** One node a line, so that a change of a vendor's grammar is a readable difference. */
function textOf({ sources, nodes }: Table): string {
  const lines = Object.entries(nodes).map(([path, node]) => `    ${JSON.stringify(path)}: ${JSON.stringify(node)}`)
  const written = sources.map((source) => `    ${JSON.stringify(source)}`)
  return `{\n  "sources": [\n${written.join(',\n')}\n  ],\n  "nodes": {\n${lines.join(',\n')}\n  }\n}\n`
}

function textOfOperations({ sources, commands }: OperationsTable): string {
  const lines = (all: readonly unknown[]) => all.map((one) => `    ${JSON.stringify(one)}`).join(',\n')
  return `{\n  "sources": [\n${lines(sources)}\n  ],\n  "commands": [\n${lines(commands)}\n  ]\n}\n`
}

const [checkouts, tables] = process.argv.slice(2)
if (checkouts === undefined || tables === undefined) {
  const folders = new Set(
    [...Object.values(releases), ...Object.values(operations)].flatMap(({ sources }) =>
      sources.map((source) => `${folderOf(source)} at ${source.commit}`),
    ),
  )
  process.stderr.write(`A folder with checkouts is missing; it has:\n${[...folders].sort().join('\n')}\n`)
  process.exitCode = 2
} else {
  mkdirSync(tables, { recursive: true })
  for (const [name, release] of Object.entries(releases)) {
    const sources = release.sources.map(({ form: _, ...source }) => source)
    const nodes = nodesOf(readRelease(release, checkouts), release.scope)
    writeFileSync(join(tables, `${name}.json`), textOf({ sources, nodes }))
    process.stderr.write(`${name}: ${Object.keys(nodes).length} nodes\n`)
  }
  for (const [name, release] of Object.entries(operations)) {
    const sources = release.sources.map(({ form: _, without: __, ...source }) => source)
    const commands = readOperations(release, checkouts)
    writeFileSync(join(tables, `${name}.operations.json`), textOfOperations({ sources, commands }))
    process.stderr.write(`${name}: ${commands.length} commands\n`)
  }
}
