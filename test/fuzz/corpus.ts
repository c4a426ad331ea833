import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../support/command.ts'

/** A kind of text that natplan reads, some of it, and the command lines that read a file of it. */
export interface Kind {
  readonly name: string
  readonly texts: readonly string[]
  readonly commands: (file: string, folder: string) => readonly (readonly string[])[]
}

function filesIn(folder: string, isWanted: (name: string) => boolean = () => true): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter(isWanted).sort()
  return names.map((name) => readFileSync(join(root, folder, name), 'utf8'))
}

const plan = join(root, 'examples/acceptance/natplan.yaml')
const other = join(root, 'test/platforms/dumps/vyos-1.4.txt')
const outputs = ['table', 'json', 'yaml', 'markdown']

const routes = `default via 203.0.113.1 dev eth1
10.0.0.0/8 via 10.0.1.1 dev eth0 proto static metric 100
10.0.1.0/27 dev eth0 proto kernel scope link src 10.0.1.5
192.168.1.0/24 via 10.0.1.1 dev eth0 metric 17600
blackhole 192.168.9.0/24
unreachable 198.51.100.0/24 dev lo
net.ipv4.conf.all.rp_filter = 1
net.ipv4.conf.eth0.rp_filter = 2
`

/** Everything that somebody else may have written. */
export const kinds: readonly Kind[] = [
  {
    name: 'plans',
    texts: filesIn('examples', (name) => name.endsWith('natplan.yaml')),
    commands: (file, folder) => [
      ...outputs.map((output) => ['plan', '-f', file, '--output', output]),
      ['verify', '-f', file],
      ['vyatta', '-f', file],
      ['vyatta', '-f', file, '--remove'],
      ['kubernetes', '-f', file],
      ['explain', '10.0.1.5', '-f', file],
      ['explain', 'firewall', '-f', file],
      ['trace', 'cloud:10.0.1.5', '192.168.1.77', '-f', file],
      ['overlaps', file],
      ['generate', '-f', file, '-o', join(folder, 'out'), '--check'],
    ],
  },
  {
    name: 'plans as JSON',
    texts: [
      JSON.stringify(
        { version: 1, sites: { a: { subnets: ['10.0.0.0/24'] }, b: { subnets: ['10.0.0.0/16'] } } },
        null,
        1,
      ),
    ],
    commands: (file) => [['plan', '-f', file]],
  },
  {
    name: 'locks',
    texts: filesIn('examples', (name) => name.endsWith('lock.yaml')),
    commands: (file) => [
      ['plan', plan, '--lock', file],
      ['vyatta', plan, '--lock', file],
      ['verify', '-f', plan, '--lock', file],
    ],
  },
  {
    name: 'configurations',
    texts: filesIn('test/platforms/dumps'),
    commands: (file) => [
      ...outputs.map((output) => ['verify', `a=${file}`, `b=${other}`, '--output', output]),
      ['verify', `onpremise=${file}`, '-f', plan],
      ['trace', '--config', `a=${file}`, '--config', `b=${other}`, 'a:10.1.0.5', '10.2.0.7'],
      ['diff', `onpremise=${file}`, '-f', plan],
      ['diff', `cloud=${file}`, '-f', plan, '--output', 'json'],
      ['vyatta', plan, '--existing', `cloud=${file}`],
      ['overlaps', file, '--extract'],
    ],
  },
  {
    name: 'routes of nodes and gateways',
    texts: [
      routes,
      routes.replaceAll(' via 10.0.1.1', ''),
      ...filesIn('test/inputs/files', (name) => /route/.test(name)),
    ],
    commands: (file) => [
      ['verify', '-f', plan, '--routes', `cloud=${file}`],
      ['trace', 'cloud:10.0.1.5', '192.168.1.77', '-f', plan, '--routes', `cloud=${file}`],
      ['free', '--in', '10.0.0.0/8', file],
    ],
  },
  {
    name: 'exports and lists of prefixes',
    texts: filesIn('test/inputs/files'),
    commands: (file) => [
      ...outputs.map((output) => ['overlaps', file, '--output', output]),
      ['overlaps', file, '--extract'],
      ['free', '--in', '10.0.0.0/8', file, '--length', '24', '--count', '3'],
    ],
  },
]
