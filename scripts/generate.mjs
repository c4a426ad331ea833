// Writes the texts that are made from the code; with --check says which are out of date instead.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { isFile, root } from './setup.mjs'

const bundled = join(root, 'node_modules', '.cache', 'natplan', 'references.cjs')
await build({
  entryPoints: [join(root, 'scripts', 'references.ts')],
  outfile: bundled,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  logLevel: 'warning',
})
// Pictures are of plans that are named from there.
process.chdir(root)
const { references } = createRequire(import.meta.url)(bundled)

const stale = Object.entries(references).filter(([path, text]) => {
  const file = join(root, path)
  return !isFile(file) || readFileSync(file, 'utf8') !== text
})
if (process.argv.includes('--check')) {
  for (const [path] of stale) process.stderr.write(`natplan: ${path} is out of date: pnpm generate\n`)
  process.exitCode = stale.length > 0 ? 1 : 0
} else {
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    process.stderr.write(`natplan: ${path} written\n`)
  }
}
