// Compiles packages/core/assembly, which is AssemblyScript, and writes the module into assembly.generated.ts, so that the library reads no file
// and the compiler is needed by nobody else. --check only compares.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'
import { root } from './setup.mjs'

const generated = 'packages/core/src/bulk/assembly.generated.ts'
const file = join(root, generated)

async function compile() {
  let bytes
  const options = [
    '-O3',
    '--noAssert',
    '--runtime',
    'stub',
    '--enable',
    'simd',
    '--memoryBase',
    '1024',
    '--initialMemory',
    '8',
  ]
  const { error, stderr } = await asc.main(['assembly/index.ts', '--outFile', 'module', ...options], {
    readFile: (name) => {
      const path = join(root, 'packages', 'core', name)
      return existsSync(path) ? readFileSync(path, 'utf8') : null
    },
    writeFile: (_, content) => {
      bytes = content
    },
  })
  if (error) throw new Error(`${stderr}${error.message}`)
  return Buffer.from(bytes)
}

const text = `// Generated from packages/core/assembly by scripts/embed-assembly.mjs; do not edit.

/** A module of WebAssembly in base64. */
export const moduleText: string =
  '${(await compile()).toString('base64')}'
`
if (!process.argv.includes('--check')) writeFileSync(file, text)
else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
  console.error(`not up to date: ${generated}; run node scripts/embed-assembly.mjs`)
  process.exit(1)
}
