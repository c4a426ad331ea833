import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Source } from '../table.ts'
import { fieldsOf } from './node-def.ts'
import { folderOf } from './releases.ts'
import { type Element, elementsOf, readXmlFiles } from './vyos-xml.ts'

/** Where the operational commands of a release stand. */
export interface Operations {
  readonly sources: readonly (Source & { readonly form: 'vyos-xml' | 'node.def'; readonly without?: string })[]
}

const vyos = (branch: string, commit: string) =>
  ({ repository: 'vyos/vyos-1x', branch, commit, paths: ['op-mode-definitions'], form: 'vyos-xml' }) as const

const templates = (repository: string, commit: string, path: string) =>
  ({ repository: `vyos/${repository}`, branch: 'equuleus', commit, paths: [path], form: 'node.def' }) as const

/** 1.3 has those of IPsec and NAT still as templates of Vyatta: its own of NAT are taken out again when it is built (Makefile of vyos-1x). */
export const operations: Readonly<Record<string, Operations>> = {
  'vyos-1.5': { sources: [vyos('current', '3710c5879f5733d05aae6e156f74d62b73821b2d')] },
  'vyos-1.4': { sources: [vyos('sagitta', 'c3f688653511881a2270d83cd0f098b45bfa7148')] },
  'vyos-1.3': {
    sources: [
      { ...vyos('equuleus', 'a79b59070ca0039aec0a43a68e427b1d75b40cd0'), without: 'show nat' },
      templates('vyatta-op-vpn', '1312905c922987df3142e5adb12701f4321a34bd', 'templates'),
      templates('vyatta-nat', '01b9a8598dabd391cc42da4c66d7a8067846b12b', 'templates-op'),
    ],
  },
}

/** What natplan's commands begin with. */
const scope = [
  'show vpn ike',
  'show vpn ipsec',
  'show nat',
  'show ip route',
  'show ipv6 route',
  'show interfaces vti',
  'show interfaces virtual-ethernet',
  'reset vpn ipsec',
]

/** The commands of a release that do something, sorted; `<>` stands for any one word. */
export function readOperations({ sources }: Operations, checkouts: string): string[] {
  const all = sources.flatMap((source) =>
    source.paths.flatMap((path) => {
      const folder = join(checkouts, folderOf(source), path)
      const commands = source.form === 'vyos-xml' ? commandsOfXml(folder) : commandsOfNodeDefs(folder)
      return commands.filter((command) => source.without === undefined || !command.startsWith(`${source.without} `))
    }),
  )
  const wanted = all.filter((command) => scope.some((start) => `${command} `.startsWith(`${start}`)))
  return [...new Set(wanted)].sort()
}

export function commandsOfXml(folder: string): string[] {
  return readXmlFiles(folder).flatMap((top) => commandsBelow(top, []))
}

const named = ['node', 'tagNode', 'leafNode', 'virtualTagNode']

function commandsBelow({ below }: Element, path: readonly string[]): string[] {
  return below.flatMap((element) => {
    const { name } = element.attributes
    if (!named.includes(element.name)) return []
    const words = name === undefined || name === 'node.tag' ? [] : [name]
    const hasValue = element.name === 'tagNode' || words.length === 0
    const here = [...path, ...words, ...(hasValue ? ['<>'] : [])]
    const runs = elementsOf(element, 'command').some(({ text }) => !isExcuse(text))
    return [
      ...(runs ? [here.join(' ')] : []),
      ...elementsOf(element, 'children').flatMap((children) => commandsBelow(children, here)),
    ]
  })
}

/** A command that only says that nobody has written it yet. */
function isExcuse(text: string): boolean {
  return /^\s*echo\s/.test(text)
}

export function commandsOfNodeDefs(folder: string, path: readonly string[] = []): string[] {
  return readdirSync(folder).flatMap((name) => {
    const inner = join(folder, name)
    if (!statSync(inner).isDirectory()) return []
    const here = [...path, name === 'node.tag' ? '<>' : name]
    const file = ['node.def', 'node.def.in'].map((one) => join(inner, one)).find(existsSync)
    const fields = file === undefined ? [] : fieldsOf(readFileSync(file, 'utf8'))
    const runs = fields.some((field) => field.name === 'run' && field.value !== '' && !isExcuse(field.value))
    return [...(runs ? [here.join(' ')] : []), ...commandsOfNodeDefs(inner, here)]
  })
}
