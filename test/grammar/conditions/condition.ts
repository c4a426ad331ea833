import type { Tree } from '../configuration.ts'

/** What a device says at commit about a configuration whose lines it all took. */
export type Condition = (root: Tree) => readonly string[]

/** Complaints about each thing below a path, with its name in front. */
export function aboutEach(
  root: Tree,
  path: readonly string[],
  look: (thing: Tree, name: string) => readonly (string | false)[],
): string[] {
  return root
    .entries(...path)
    .flatMap(([name, thing]) =>
      look(thing, name).flatMap((complaint) =>
        complaint === false ? [] : [`${path.join(' ')} ${name}: ${complaint}`],
      ),
    )
}

/** Reports whether a leaf is set. */
export function has(tree: Tree, path: string): boolean {
  return tree.has(...path.split(' '))
}

export function leafOf(tree: Tree, path: string): string | undefined {
  return tree.value(...path.split(' '))
}

/** The names of all interfaces that are configured, those of a VLAN with the name of their parent. */
export function interfacesIn(root: Tree): ReadonlySet<string> {
  const names = root
    .entries('interfaces')
    .flatMap(([, kind]) =>
      kind.entries().flatMap(([name, one]) => [name, ...one.names('vif').map((vif) => `${name}.${vif}`)]),
    )
  return new Set(names)
}

export const carriesPorts = (protocol: string | undefined) =>
  ['tcp', 'udp', 'tcp_udp', '6', '17'].includes(protocol ?? '')

export const hasPort = (rule: Tree) =>
  ['destination port', 'source port', 'translation port'].some((path) => has(rule, path))
