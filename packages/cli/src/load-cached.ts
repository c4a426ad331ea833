import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'
import { status } from './status.ts'

/** Distinguishes builds: V8 itself would take the cache of another text of the same length. Set by the build. */
declare const __BUILD_ID__: string

/** Node.js has a cache of its own from 22.1 on. */
const { createRequire, enableCompileCache } = nodeModule as typeof nodeModule & {
  readonly enableCompileCache?: (folder: string) => unknown
}

type Wrapper = (
  module: { exports: unknown },
  exports: unknown,
  require: NodeJS.Require,
  file: string,
  folder: string,
) => void

/**
 * Loads a CommonJS file with the code that V8 compiled the last time, which saves about a third of the start-up. Only functions that ran are in
 * it, so every use of the file has a cache of its own; one that ends with status 2 may be none, and is not kept. The caches lie beside the
 * file, where whoever could change them could change the file itself; where nothing can be written, the file is compiled anew.
 */
export function loadCached(file: string, use: string): unknown {
  const require = createRequire(file)
  if (enableCompileCache) {
    enableCompileCache(join(dirname(file), 'compile-cache'))
    return require(file)
  }
  const cacheFile = `${file}.${process.version}-${process.arch}-${__BUILD_ID__}.${use}.cache`
  const cachedData = readIfThere(cacheFile)
  const source = `(function (module, exports, require, __filename, __dirname) {${readFileSync(file, 'utf8')}\n})`
  const script = new Script(source, { filename: file, ...(cachedData ? { cachedData } : {}) })
  const module = { exports: {} }
  const wrapper = script.runInThisContext() as Wrapper
  wrapper(module, module.exports, require, file, dirname(file))
  if (!cachedData || script.cachedDataRejected) {
    process.once('exit', (code) => {
      if (code !== status.usage) keep(cacheFile, script.createCachedData())
    })
  }
  return module.exports
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

/** Written under another name first, so that two runs at once never see half a cache. */
function keep(path: string, data: Buffer): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, data)
    renameSync(temporary, path)
  } catch {
    rmSync(temporary, { force: true })
  }
}
