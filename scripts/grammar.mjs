// Reads the grammar of the Vyatta family out of checkouts of the vendors' own code: node scripts/grammar.mjs FOLDER
// Without a folder it says which checkouts that folder has.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from './setup.mjs'

const bundled = join(root, 'node_modules', '.cache', 'natplan', 'grammar.mjs')
await build({
  entryPoints: [join(root, 'test', 'grammar', 'extract', 'run.ts')],
  outfile: bundled,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
})
const [folder, tables = join(root, 'test', 'grammar', 'tables')] = process.argv.slice(2)
const { status } = spawnSync(process.execPath, [bundled, ...(folder === undefined ? [] : [folder, tables])], {
  cwd: root,
  stdio: 'inherit',
})
process.exitCode = status ?? 1
