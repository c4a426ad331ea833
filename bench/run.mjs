// Runs a benchmark that is written in TypeScript: node bench/run.mjs addresses
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const here = fileURLToPath(new URL('.', import.meta.url))
const name = process.argv[2]
if (!name) throw new Error('name a benchmark: node bench/run.mjs addresses')
const outfile = join(here, 'dist', `${name}.mjs`)
mkdirSync(join(here, 'dist'), { recursive: true })
await build({
  entryPoints: [join(here, `${name}.ts`)],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
})
await import(pathToFileURL(outfile).href)
