// For the bundle of the command: modules that most runs do not need. What imports one gets functions that load it when they are called, so a
// late module exports functions and nothing else. And modules that are data: forms need no schemas, and severities no texts about codes.
import { readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** What marks a module that is taken at once when it is asked for, for `chunks.mjs`. */
export const now = '$now'

const exported = /^export (?:(?:async )?function (\w+)|(?!interface\b|type\b)\S+.*)/gm

function forwarding(path) {
  const found = [...readFileSync(path, 'utf8').matchAll(exported)]
  const other = found.find(([, name]) => name === undefined)
  if (other) throw new Error(`${path} is to be loaded late and exports more than functions: ${other[0]}`)
  const from = `${now}(import(${JSON.stringify(`./${basename(path)}`)}))`
  return found.map(([, name]) => `export const ${name} = (...all) => ${from}.${name}(...all)`).join('\n')
}

/** A plugin of esbuild; `modules`: the files of late modules. */
export function lateModules(modules) {
  const late = new Set(modules)
  return {
    name: 'late-modules',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\.ts$/ }, ({ path, resolveDir, kind }) => {
        const file = resolve(resolveDir, path)
        return kind === 'import-statement' && late.has(file) ? { path: file, namespace: 'late' } : undefined
      })
      onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
        contents: forwarding(path),
        loader: 'js',
        resolveDir: dirname(path),
      }))
    },
  }
}

/** Modules of `core` whose exports are data that is made of much more. */
const made = ['network/forms', 'codes/severities']

/** What such a module exports, as it is, for one of `names`; `core` is the folder of the package, which is built already. */
export async function madeText(core, path, names = made) {
  const name = names.find((one) => path === join(core, 'src', `${one}.ts`))
  if (name === undefined) return undefined
  const values = await import(pathToFileURL(join(core, 'dist', `${name}.js`)).href)
  return Object.entries(values)
    .map(([key, value]) => `export const ${key} = JSON.parse(${JSON.stringify(JSON.stringify(value))})`)
    .join('\n')
}

/** A plugin of esbuild that puts these data where they are made. */
export function madeModules(core) {
  return {
    name: 'made-modules',
    setup({ onLoad }) {
      onLoad({ filter: /[/\\](?:forms|severities)\.ts$/ }, async ({ path }) => {
        const contents = await madeText(core, path)
        return contents === undefined ? undefined : { contents, loader: 'js' }
      })
    },
  }
}
