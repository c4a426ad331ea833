import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Platform } from '@natplan/core'
import { braceForm, fullyQuoted } from '../support/set-lines.ts'

/** Texts to begin with: what the project's tests and examples have of each kind. */
export interface Texts {
  readonly plans: readonly string[]
  readonly locks: readonly string[]
  readonly dumps: readonly { readonly platform: Platform; readonly text: string }[]
  readonly routes: readonly string[]
  readonly lists: readonly string[]
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesBelow(path) : [path]
  })
}

const routes = `== node-1 ==
default via 172.16.0.1 dev eth1
10.0.0.0/8 via 10.0.1.1 dev eth0 metric 50
10.0.1.0/27 dev eth0 proto kernel scope link src 10.0.1.5
192.168.1.0/24 via 10.0.1.1 dev eth0 proto 84
2: eth0    inet 10.0.1.5/27 brd 10.0.1.31 scope global eth0
net.ipv4.conf.eth0.rp_filter = 1
32766: from all lookup main
`

export function textsOf(root: string): Texts {
  const read = (path: string) => readFileSync(path, 'utf8')
  const plans = filesBelow(join(root, 'examples'))
    .filter((path) => path.endsWith('natplan.yaml'))
    .map(read)
  const locks = [...filesBelow(join(root, 'examples')), ...filesBelow(join(root, 'test', 'golden', 'examples'))]
  const rendered = filesBelow(join(root, 'test', 'golden', 'platforms', 'expected')).filter((path) =>
    /configure\.txt$|natplan\.nft$|\.conf$/.test(path),
  )
  const platformIn = (path: string) => /(vyos-1\.[345]|vyatta-5[46]00|edgeos|linux|generic)/.exec(path)?.[1] as Platform
  const dumps = [...filesBelow(join(root, 'test', 'platforms', 'dumps')), ...rendered]
    .map((path) => ({ platform: platformIn(path), text: read(path) }))
    .filter(({ platform }) => platform !== 'generic')
  const forms = dumps.flatMap(({ platform, text }) =>
    text.includes('\nset ') ? [braceForm, fullyQuoted].map((form) => ({ platform, text: form(text) })) : [],
  )
  return {
    plans,
    locks: locks.filter((path) => path.endsWith('.lock.yaml')).map(read),
    dumps: [...dumps, ...forms],
    routes: [routes, ...dumps.filter(({ platform }) => platform === 'linux').map(({ text }) => text)],
    lists: filesBelow(join(root, 'test', 'inputs', 'files')).map(read),
  }
}
