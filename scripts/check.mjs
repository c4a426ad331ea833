// Everything that must hold before a commit lands; `.ci/run` runs the tests first and the rest with `--no-tests`.
import { root, run, runBin, setUp } from './setup.mjs'

const steps = {
  types: () => {
    runBin('tsc', ['--noEmit'])
    // What runs in a browser knows its types, nothing else does.
    runBin('tsc', ['--noEmit', '--project', 'test/browser'])
    runBin('tsc', ['--noEmit', '--project', 'packages/page'])
  },
  lint: () => runBin('biome', ['lint', '--error-on-warnings', root]),
  format: () => runBin('biome', ['format', root]),
  'generated files': () => {
    run(process.execPath, ['scripts/generate.mjs', '--check'])
    run(process.execPath, ['scripts/embed-templates.mjs', '--check'])
    run(process.execPath, ['scripts/embed-assembly.mjs', '--check'])
  },
  'dead code': () => runBin('knip', []),
  speed: () => run(process.execPath, ['bench/short.mjs']),
  tests: () => runBin('vitest', ['run']),
}

setUp()
for (const [name, step] of Object.entries(steps)) {
  if (name === 'tests' && process.argv.includes('--no-tests')) continue
  process.stderr.write(`natplan: check: ${name}\n`)
  step()
}
process.stderr.write('natplan: check: all good\n')
