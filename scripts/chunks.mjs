// CommonJS files of what esbuild has split into chunks: one with what is used often, some with what certain commands use, one with the rest. Each
// chunk is a function that runs when something of it is needed, so that V8 compiles, keeps and reads back what a command uses, and of the rest of a
// file no more than where it begins and ends.
import { basename } from 'node:path'
import { init, parse } from 'es-module-lexer'
import { now } from './late-modules.mjs'

/** What takes names in an import statement: `{a as b,c}`, `* as all` or `one`. */
const clause = /^import\s*(?:\{([^}]*)\}|\*\s*as\s+([\w$]+)|([\w$]+))\s*from/
const last = /export\{([^}]*)\};\s*$/

/** `a as b,c` as pairs. */
function pairsOf(list) {
  return list
    .split(',')
    .filter((name) => name !== '')
    .map((name) => name.split(' as '))
    .map(([one, other = one]) => [one, other])
}

/** Takes the place of an import statement; a package's default export is the whole module, as Node.js has it. */
function taking(statement, source) {
  const from = source.startsWith('./') ? `$chunk(${JSON.stringify(basename(source))})` : `require("${source}")`
  const found = clause.exec(statement)
  if (!found) return `${from};`
  const [, list, all, one] = found
  const names = list === undefined ? (all ?? one) : `{${pairsOf(list).map((pair) => pair.join(':'))}}`
  return `const ${names}=${from};`
}

/** As esbuild makes CommonJS of a module, `import.meta` is empty. The chunks have no circles among them, so that what one exports is there when another asks for it. */
function chunkOf(name, text) {
  if (/\$(?:chunk|later)\b/.test(text)) throw new Error(`${name} has a name that chunks are found by`)
  const [, list] = last.exec(text) ?? []
  if (list === undefined) throw new Error(`${name} does not end with what it exports`)
  let head = ''
  let code = ''
  let from = 0
  for (const { n: source, d: dynamic, ss: start, se: end } of parse(text)[0]) {
    code += text.slice(from, start)
    if (dynamic === -1) head += taking(text.slice(start, end), source)
    else if (dynamic >= 0 && source) {
      // What is wanted now stands in a call of that name: its parentheses stay.
      const isNow = code.endsWith(`${now}(`)
      if (isNow) code = `${code.slice(0, -now.length - 1)}(`
      code += `${isNow ? '$chunk' : '$later'}(${JSON.stringify(basename(source))})`
    } else if (dynamic === -2) code += '({})'
    else throw new Error(`${name} imports something in a way that is not understood: ${text.slice(start, end)}`)
    from = end
  }
  code += text.slice(from).replace(last, '')
  const exported = pairsOf(list).map(([one, other]) => `${other}:${one}`)
  return `${JSON.stringify(name)}(){${head}${code};return{${exported}}}`
}

/** The chunks that are evaluated with these, by the names of their files. */
function reachedFrom(entries, outputs) {
  const reached = new Set()
  const reach = (path) => {
    if (reached.has(path)) return
    reached.add(path)
    for (const { path: next, kind } of outputs[path].imports)
      if (kind === 'import-statement' && outputs[next]) reach(next)
  }
  for (const entry of entries) reach(entry)
  return new Set([...reached].map((path) => basename(path)))
}

/**
 * `files`: what esbuild wrote, in memory; `outputs`: its metafile's; `entry`: the source whose exports the first file has; `often`: sources that are in
 * the first file as well, with all that they use; `groups`: by the name of a further file the sources that are in it, with what they alone use. `rest` holds what
 * is left. Files but the first one are read when something of them is asked for.
 */
export async function chunksToCommonJs(files, { outputs, entry, often, groups, banner }) {
  await init
  const pathOf = (source) => {
    const found = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === source)
    if (!found) throw new Error(`nothing begins with ${source}`)
    return found[0]
  }
  const reachedOf = (sources) => reachedFrom(sources.map(pathOf), outputs)
  const first = reachedOf([entry, ...often])
  const reached = Object.entries(groups).map(([group, sources]) => [group, reachedOf(sources)])
  const groupOf = (name) => {
    const found = reached.filter(([, names]) => names.has(name)).map(([group]) => group)
    return first.has(name) || found.length > 1 ? 'main' : (found[0] ?? 'rest')
  }
  const parts = { main: [], ...Object.fromEntries(reached.map(([group]) => [group, []])), rest: [] }
  const places = []
  for (const { path, text } of files) {
    const name = basename(path)
    const group = groupOf(name)
    parts[group].push(chunkOf(name, text))
    if (group in groups) places.push(`${JSON.stringify(name)}:${JSON.stringify(group)}`)
  }
  const { main, ...others } = parts
  const text = [
    'const $made=new Map,$files={};',
    `const $places={${places}};`,
    'function $find(name){if(name in $chunks)return $chunks[name];',
    'const file=$places[name]??"rest";',
    'return($files[file]??=require("./"+file+".cjs")($chunk,$later))[name]}',
    'function $chunk(name){let made=$made.get(name);if(!made)$made.set(name,made=$find(name)());return made}',
    'async function $later(name){return $chunk(name)}',
    `const $chunks={${main.join(',\n')}};`,
    `module.exports=$chunk(${JSON.stringify(basename(pathOf(entry)))});`,
  ].join('\n')
  const further = Object.entries(others).map(([group, chunks]) => [
    group,
    `${banner}module.exports=($chunk,$later)=>({${chunks.join(',\n')}});`,
  ])
  return { main: `${banner}${text}`, ...Object.fromEntries(further) }
}
