import { describe, expect, it } from 'vitest'
import { natplan } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { acceptanceTexts } from '../verify/configurations.ts'

/** What the cloud's gateway has beside what natplan writes: its interfaces, and neighbours that tell it routes. */
const more = `
set interfaces ethernet eth0 address 10.0.1.1/27
set interfaces ethernet eth1 address 203.0.113.10/24
set protocols static route 0.0.0.0/0 next-hop 203.0.113.1
set protocols bgp system-as 65001
set protocols bgp neighbor 10.0.1.2 remote-as 65002
`

const daemon = `Codes: K - kernel route, C - connected, S - static, B - BGP,
       > - selected route, * - FIB route, q - queued, r - rejected

S>* 0.0.0.0/0 [1/0] via 203.0.113.1, eth1, weight 1, 01:00:00
C>* 10.0.1.0/27 is directly connected, eth0, 01:00:00
B>* 10.9.0.0/16 [20/0] via 10.0.1.2, eth0, weight 1, 01:00:00
C>* 203.0.113.0/24 is directly connected, eth1, 01:00:00
`

const kernel = `default via 203.0.113.1 dev eth1 proto static metric 20
10.0.1.0/27 dev eth0 proto kernel scope link src 10.0.1.1
10.9.0.0/16 via 10.0.1.2 dev eth0 proto bgp metric 20
203.0.113.0/24 dev eth1 proto kernel scope link src 203.0.113.10
`

/** What a worker node of the cloud shows, with a route to the peer. */
const node = `default via 198.51.100.1 dev eth1
10.0.0.0/8 via 10.0.1.1 dev eth0
192.168.1.0/24 via 10.0.1.1 dev eth0
10.0.1.0/27 dev eth0 proto kernel scope link src 10.0.1.5
`

const both = ['verify', 'cloud=cloud.txt', 'onpremise=onpremise.txt']

function folder(texts: Readonly<Record<string, string>> = {}): string {
  const configs = acceptanceTexts('vyos-1.4')
  return temporaryFolder({
    'cloud.txt': `${configs.get('cloud')?.text}${more}`,
    'onpremise.txt': configs.get('onpremise')?.text ?? '',
    ...texts,
  })
}

const traced: readonly string[] = [
  ...['trace', 'cloud:10.0.1.5', '192.168.1.77'],
  ...['--config', 'cloud=cloud.txt', '--config', 'onpremise=onpremise.txt'],
]

describe('--routes of a gateway', () => {
  it('leaves open what a dynamic protocol brings while no routes are shown', () => {
    const { status, stderr } = natplan(both, { cwd: folder() })
    expect([status, stderr]).toEqual([3, expect.stringContaining('protocols bgp')])
  })

  it.each([
    ['a routing daemon', daemon],
    ['the kernel', kernel],
    ['the kernel, without its own addresses', kernel.replaceAll(/ src \S+/g, '')],
  ])('proves with what %s shows', (_, routes) => {
    const cwd = folder({ 'routes.txt': routes })
    const { status, stdout, stderr } = natplan([...both, '--routes', 'cloud=routes.txt'], { cwd })
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('bgp')])
    expect(stdout).toContain('10.9.0.0/16')
  })

  it('takes those of nodes beside them', () => {
    const cwd = folder({ 'routes.txt': daemon, 'nodes.txt': node })
    const options = ['--routes', 'cloud=routes.txt', '--routes', 'cloud=nodes.txt']
    expect(natplan([...both, ...options], { cwd }).status).toBe(0)
    const without = folder({ 'routes.txt': daemon, 'nodes.txt': node.replace(/^192.*\n/m, '') })
    const { status, stderr } = natplan([...both, ...options], { cwd: without })
    expect([status, stderr]).toEqual([1, expect.stringContaining('NODE_ROUTE_MISSING')])
  })

  it('does not take those of nodes for the gateway', () => {
    const { status, stderr } = natplan([...both, '--routes', 'cloud=nodes.txt'], { cwd: folder({ 'nodes.txt': node }) })
    expect([status, stderr]).toEqual([3, expect.stringContaining('protocols bgp')])
  })

  it('finds what the routes do to packets, in their own file', () => {
    const cwd = folder({ 'routes.txt': `${daemon}B>* 192.168.1.0/24 [20/0] unreachable (blackhole), 00:01:02\n` })
    const { status, stdout } = natplan(traced.concat('--routes', 'cloud=routes.txt'), { cwd })
    expect([status, stdout]).toEqual([
      1,
      expect.stringContaining('a route for 192.168.1.77 that leads nowhere (routes.txt:8)'),
    ])
  })

  it('knows no way for what such a table does not have', () => {
    const cwd = folder({ 'routes.txt': daemon.replace(/^S.*\n/m, '') })
    const { status, stdout } = natplan(traced.concat('--routes', 'cloud=routes.txt', '--tunnels-down'), { cwd })
    expect([status, stdout]).toEqual([1, expect.stringContaining('has no route for 192.168.1.77')])
  })

  it('leaves open what it does not understand of them, by file and line', () => {
    const cwd = folder({ 'routes.txt': `${daemon}B>* 10.8.0.0/16 [20/0] by carrier pigeon\n` })
    const { status, stderr } = natplan([...both, '--routes', 'cloud=routes.txt'], { cwd })
    expect([status, stderr]).toEqual([3, expect.stringMatching(/routes\.txt:8\b/)])
  })

  it.each([
    ['of which only a part is shown', [...both, '--routes', 'cloud=part.txt'], 'shows none of the networks'],
    ['twice', [...both, '--routes', 'cloud=routes.txt', '--routes', 'cloud=routes.txt'], 'two texts of routes'],
    [
      'without the configuration',
      ['verify', 'onpremise=onpremise.txt', '--routes', 'cloud=routes.txt'],
      'is not given',
    ],
  ])('refuses those of a gateway %s', (_, words, message) => {
    const cwd = folder({ 'routes.txt': daemon, 'part.txt': daemon.replaceAll(/^[CS]>.*\n/gm, '') })
    const { status, stderr } = natplan(words, { cwd })
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)])
  })
})
