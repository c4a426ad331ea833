import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'
import { codeCache } from './code-cache.ts'
import { status } from './terminal/status.ts'

type Wrapper = (
  module: { exports: unknown },
  exports: unknown,
  require: NodeJS.Require,
  file: string,
  folder: string,
) => void

/** What is done with the command. Only functions that ran are kept, so that every command has caches of its own. */
export interface Use {
  readonly command: string
  /** The same for command lines that run much the same code. */
  readonly shape: string
}

/** Shapes that one cache grows for. */
const mostShapes = 16

/**
 * Loads the command's CommonJS file with the code that V8 compiled in earlier runs, which saves about a third of the start-up. What a command line of another
 * shape runs is added; one that ends with status 2 may be none, and adds nothing.
 */
export function loadCached(file: string, use: Use): unknown {
  const text = readFileSync(file)
  const cache = codeCache(text, use.command)
  const kept = cache.read()
  const cachedData = kept?.code
  // The build writes ASCII only.
  const source = `(function (module, exports, require, __filename, __dirname) {${text.toString('latin1')}\n})`
  const script = new Script(source, { filename: file, ...(cachedData ? { cachedData } : {}) })
  const module = { exports: {} }
  const wrapper = script.runInThisContext() as Wrapper
  wrapper(module, module.exports, requireOf(file, use), file, dirname(file))
  const shapes = script.cachedDataRejected ? [] : (kept?.shapes ?? [])
  if (shapes.length < mostShapes && !shapes.includes(use.shape)) {
    process.once('exit', (code) => {
      if (code !== status.usage) cache.keep({ code: script.createCachedData(), shapes: [...shapes, use.shape] })
    })
  }
  return module.exports
}

/** The other files of the command are loaded in the same way. */
function requireOf(file: string, use: Use): NodeJS.Require {
  const require = createRequire(file)
  const load = (id: string): unknown => {
    const [, part] = /^\.\/(\w+)\.cjs$/.exec(id) ?? []
    if (part === undefined) return require(id)
    return loadCached(join(dirname(file), id), { ...use, command: `${use.command}-${part}` })
  }
  return Object.assign(load, require)
}
