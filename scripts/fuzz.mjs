// Tries mutated inputs for some minutes: node scripts/fuzz.mjs --minutes 30 --seed 1; with --only that seed alone.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from './setup.mjs'

const bundled = join(root, 'node_modules', '.cache', 'natplan', 'fuzz.mjs')
await build({
  entryPoints: [join(root, 'test', 'fuzz', 'run.ts')],
  outfile: bundled,
  bundle: true,
  packages: 'bundle',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
})
const { status } = spawnSync(process.execPath, ['--enable-source-maps', bundled, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
})
process.exitCode = status ?? 1
