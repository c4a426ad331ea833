import { wordsOf } from './set-lines.ts'

interface Tree extends Map<string, Tree> {}

/** Leaves that hold several values on the devices, by the words before them and whether the peers of the device have names. */
function isList(path: readonly string[], hasNames: boolean): boolean {
  const text = path.join(' ')
  if (/^vpn ipsec (ipsec-interfaces )?interface$/.test(text)) return true
  if (/^interfaces \S+ \S+ address$/.test(text)) return true
  if (/^vpn ipsec authentication psk \S+ id$/.test(text)) return true
  return hasNames && /^vpn ipsec site-to-site peer \S+ tunnel \S+ (local|remote) prefix$/.test(text)
}

/** Nodes whose children are things with a name of their own, though nothing may stand below them. */
const tags = new Set([
  'rule',
  'peer',
  'tunnel',
  'proposal',
  'esp-group',
  'ike-group',
  'psk',
  'interface-route',
  'interface-route6',
  'next-hop-interface',
  'virtual-feature-point',
  'vti',
  'virtual-ethernet',
  'route',
  'route6',
  'next-hop',
  'interface',
])

function isTag(path: readonly string[]): boolean {
  return tags.has(path.at(-1) ?? '') || path.join(' ') === 'vrf name'
}

/**
 * A device of the Vyatta family as far as its configuration goes: `set` adds a line, or replaces the value of a leaf that holds one;
 * `delete` takes away what is there, and a line that does nothing is refused, so that no test passes by accident.
 */
export class VyattaDevice {
  readonly #root: Tree = new Map()
  readonly #hasNames: boolean

  constructor(text: string, { hasNames }: { readonly hasNames: boolean }) {
    this.#hasNames = hasNames
    for (const line of text.split('\n')) if (line.startsWith('set ')) this.#plant(wordsOf(line).slice(1))
  }

  /** Enters lines as an administrator pastes them. */
  enter(text: string): void {
    for (const line of text.split('\n')) {
      const [verb, ...path] = wordsOf(line)
      if (verb === 'set') this.#set(path, line)
      else if (verb === 'delete') this.#delete(path, line)
      else if (line !== '' && !line.startsWith('#')) throw new Error(`the device does not know: ${line}`)
    }
  }

  /** What it shows, sorted. */
  show(): string[] {
    return linesOf(this.#root)
      .map((path) => `set ${path.map((word) => (/^[\w:./@-]+$/.test(word) ? word : `'${word}'`)).join(' ')}`)
      .sort()
  }

  #at(path: readonly string[]): Tree | undefined {
    return path.reduce<Tree | undefined>((node, name) => node?.get(name), this.#root)
  }

  #plant(path: readonly string[]): void {
    let node = this.#root
    for (const name of path) {
      const next: Tree = node.get(name) ?? new Map()
      node.set(name, next)
      node = next
    }
  }

  #set(path: readonly string[], line: string): void {
    if (this.#at(path)) throw new Error(`already there: ${line}`)
    const leaf = this.#at(path.slice(0, -1))
    const values = leaf ? [...leaf].filter(([, below]) => below.size === 0) : []
    const isValue = leaf !== undefined && values.length === leaf.size && values.length > 0
    const isSingle = !isTag(path.slice(0, -1)) && !isList(path.slice(0, -1), this.#hasNames) && isValueLeaf(path)
    if (isValue && isSingle) leaf.clear()
    this.#plant(path)
  }

  #delete(path: readonly string[], line: string): void {
    if (!this.#at(path)) throw new Error(`nothing to delete: ${line}`)
    for (let end = path.length; end > 0; end--) {
      if (end < path.length && isTag(path.slice(0, end - 1))) return
      this.#at(path.slice(0, end - 1))?.delete(path[end - 1] ?? '')
      if ((this.#at(path.slice(0, end - 1))?.size ?? 0) > 0) return
    }
  }
}

/** The last word is the value of a leaf, not a flag or a container among others. */
function isValueLeaf(path: readonly string[]): boolean {
  return !['exclude', 'disable', 'log', 'force-udp-encapsulation', 'disable-route-autoinstall'].includes(
    path.at(-1) ?? '',
  )
}

function linesOf(tree: Tree): string[][] {
  return [...tree].flatMap(([name, below]) =>
    below.size === 0 ? [[name]] : linesOf(below).map((path) => [name, ...path]),
  )
}
