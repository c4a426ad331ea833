// For the bundle of the command: the forms of what people write are data, made here, and the schemas themselves, with all that they are made of, are
// evaluated when somebody asks for one.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const exported = /^export (?:function|const) (\w+)/gm

/** A plugin of esbuild, and the files that it bundles; `core` is the folder of the package, which is built already. */
export function lateSchemas(core) {
  const files = []
  const plugin = {
    name: 'late-schemas',
    setup({ esbuild, initialOptions, onLoad }) {
      onLoad({ filter: /[/\\]network[/\\]forms\.ts$/ }, async () => {
        const forms = await import(pathToFileURL(join(core, 'dist', 'network', 'forms.js')).href)
        const lines = Object.entries(forms).map(
          ([name, form]) => `export const ${name} = JSON.parse(${JSON.stringify(JSON.stringify(form))})`,
        )
        return { contents: lines.join('\n'), loader: 'js' }
      })
      onLoad({ filter: /[/\\]network[/\\]schemas\.ts$/ }, async ({ path }) => {
        const names = [...readFileSync(path, 'utf8').matchAll(exported)].map(([, name]) => name)
        const { outputFiles, metafile } = await esbuild.build({
          ...initialOptions,
          plugins: [],
          entryPoints: [path],
          splitting: false,
          format: 'iife',
          globalName: 'schemas',
        })
        files.push(...Object.keys(metafile.inputs))
        const lines = names.map((name) => `export const ${name} = () => all().${name}()`)
        return {
          contents: `let made\nfunction all() { return made ??= make() }\nfunction make() { ${outputFiles[0].text}; return schemas }\n${lines.join('\n')}`,
          loader: 'js',
        }
      })
    },
  }
  return { plugin, files }
}
