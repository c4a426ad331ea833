// For the bundle of the command: what is imported through the door of a package (src/index.ts) comes from the file behind it, so that a
// command evaluates what it uses and not all that the door hands on.
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const handedOn = /^export (type )?\{([^}]*)\} from '([^']+)'/gm
const imported = /^import (type )?\{([^}]*)\} from '(@natplan\/\w+)'\n/gm

/** The values in braces, without types: what each is called where it comes from, and here. */
function valuesIn(list) {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '))
    .map((name) => name.split(' as '))
    .map(([there, here = there]) => ({ there, here }))
}

/** The file of each value that a door hands on, and what it is called there. */
function filesBehind(door) {
  const lists = [...readFileSync(door, 'utf8').matchAll(handedOn)].filter(([, isType]) => !isType)
  return new Map(
    lists.flatMap(([, , list, file]) =>
      valuesIn(list).map(({ there, here }) => [here, { name: there, file: resolve(dirname(door), file) }]),
    ),
  )
}

/** A plugin of esbuild; `packages` are the folders of packages whose doors are passed by, by the names of the packages. A module that goes through one is an error. */
export function directImports(packages) {
  const doors = new Map(
    Object.entries(packages).map(([name, folder]) => [name, filesBehind(join(folder, 'src', 'index.ts'))]),
  )
  const direct = (text) =>
    text.replace(imported, (statement, isType, list, name) => {
      const files = doors.get(name)
      if (!files || isType) return isType ? '' : statement
      return valuesIn(list)
        .map(({ there, here }) => {
          const behind = files.get(there)
          if (!behind) throw new Error(`${name} does not hand on ${there}`)
          return `import { ${behind.name} as ${here} } from ${JSON.stringify(behind.file)}\n`
        })
        .join('')
    })
  return {
    name: 'direct-imports',
    setup(build) {
      build.onResolve({ filter: /^@natplan[/]/ }, ({ path, importer, kind }) =>
        kind === 'import-statement' && packages[path]
          ? { errors: [{ text: `${importer} takes all of ${path}` }] }
          : undefined,
      )
      build.onLoad({ filter: /[/\\]packages[/\\]\w+[/\\]src[/\\].*\.ts$/ }, ({ path }) => ({
        contents: direct(readFileSync(path, 'utf8')),
        loader: 'ts',
      }))
    },
  }
}
