// Builds the published packages: core and templates as ES modules with types, the command as one CommonJS file.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root, runBin } from './setup.mjs'

for (const name of ['core', 'templates']) {
  rmSync(join(root, 'packages', name, 'dist'), { recursive: true, force: true })
  runBin('tsc', ['--project', join('packages', name, 'tsconfig.build.json')])
}

const out = join(root, 'packages', 'cli', 'dist')
rmSync(out, { recursive: true, force: true })
await build({
  entryPoints: { natplan: join(root, 'packages', 'cli', 'src', 'bin.ts') },
  outdir: out,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  banner: { js: '#!/usr/bin/env node' },
  logLevel: 'warning',
})
