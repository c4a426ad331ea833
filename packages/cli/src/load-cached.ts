import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'
import { codeCache } from './code-cache.ts'
import { status } from './commands/status.ts'

type Wrapper = (
  module: { exports: unknown },
  exports: unknown,
  require: NodeJS.Require,
  file: string,
  folder: string,
) => void

/**
 * Loads the command's CommonJS file with the code that V8 compiled the last time, which saves about a third of the start-up. Only functions that ran are in
 * it, so every use of the file has a cache of its own; one that ends with status 2 may be none, and is not kept.
 */
export function loadCached(file: string, use: string): unknown {
  const text = readFileSync(file)
  const cache = codeCache(text, use)
  const cachedData = cache.read()
  // The build writes ASCII only.
  const source = `(function (module, exports, require, __filename, __dirname) {${text.toString('latin1')}\n})`
  const script = new Script(source, { filename: file, ...(cachedData ? { cachedData } : {}) })
  const module = { exports: {} }
  const wrapper = script.runInThisContext() as Wrapper
  wrapper(module, module.exports, requireOf(file, use), file, dirname(file))
  if (!cachedData || script.cachedDataRejected) {
    process.once('exit', (code) => {
      if (code !== status.usage) cache.keep(script.createCachedData())
    })
  }
  return module.exports
}

/** The rest of the command is loaded in the same way, and has a cache of its own for that use. */
function requireOf(file: string, use: string): NodeJS.Require {
  const require = createRequire(file)
  const load = (id: string): unknown =>
    id === './more.cjs' ? loadCached(join(dirname(file), id), `${use}-more`) : require(id)
  return Object.assign(load, require)
}
