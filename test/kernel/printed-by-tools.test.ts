import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DeviceRoute } from '@natplan/core'
import { readShownTables } from '@natplan/templates'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseNodeRoutes } from '../../packages/app/src/configs/read-node-routes.ts'
import { natplan, root } from '../support/command.ts'
import { Namespace, until } from '../support/namespaces.ts'
import { program, requireKernel, wherePrograms } from '../support/require.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let machine: Namespace
let router: Namespace

/** A machine with a network, a neighbour, routes and packet filters, for the tests of a suite. */
function withMachine(): void {
  beforeAll(async () => {
    machine = await Namespace.create()
    router = await Namespace.create()
    machine.connect({ here: 'eth0', peer: router, there: 'eth0' })
    machine.script(`ip address add 10.0.1.1/24 dev eth0
ip address add fd00:1::1/64 dev eth0 nodad
ip route add 10.2.0.0/16 via 10.0.1.9
ip route add default via 10.0.1.254
ip route add blackhole 10.3.0.0/24
ip route add 10.4.0.0/24 nexthop via 10.0.1.9 nexthop via 10.0.1.10
nft -f - <<END
table ip filter {
  set nets { type ipv4_addr; flags interval; elements = { 10.20.0.0/16, 10.31.0.0-10.31.0.127 }; }
  chain forward {
    type filter hook forward priority 0;
    ip saddr 10.40.0.0/24 ip daddr @nets accept
  }
}
END`)
  })

  afterAll(async () => {
    await machine?.remove()
    await router?.remove()
  })
}

/** The prefixes that natplan reads in what a program prints. */
function prefixesIn(printed: string, ...args: readonly string[]): string[] {
  const cwd = temporaryFolder({ printed })
  const everything = ['0.0.0.0/1', '128.0.0.0/1', 'fc00::/7', 'fe80::/10']
  const { stdout } = natplan(['overlaps', 'printed', ...everything, '--output', 'csv', ...args], { cwd })
  const rows = stdout
    .split('\n')
    .slice(1, -1)
    .map((line) => line.split(','))
  return rows.map((cells) => (cells[1] === 'printed' ? (cells[0] ?? '') : (cells[4] ?? ''))).sort()
}

const networks = ['10.0.1.0/24', 'fd00:1::/64']
const routed = ['10.0.1.0/24', '10.2.0.0/16', '10.3.0.0/24', '10.4.0.0/24']

requireKernel('nft', 'busybox')('what tools print', () => {
  withMachine()

  it.each<[string, readonly string[], readonly string[]]>([
    ['ip -json address', [], networks],
    ['ip -json -pretty address', [], networks],
    ['ip address', ['--extract'], networks],
    ['ip -oneline address', ['--extract'], networks],
    ['busybox ip address', ['--extract'], networks],
    ['busybox ifconfig', ['--extract'], networks],
    ['ip -json route', [], routed],
    ['ip route', ['--extract'], routed],
    ['busybox ip route', ['--extract'], routed],
    ['busybox route -n', ['--extract'], routed],
  ])('%s is read as the networks that there are', (command, args, expected) => {
    expect(prefixesIn(machine.run(...command.split(' ')), ...args)).toEqual(expected)
  })

  it.each(['nft --json list ruleset', 'nft list ruleset'])(
    '%s is about packets, and no network is in use by it',
    (command) => {
      const printed = machine.run(...command.split(' '))
      expect(printed).toContain('10.40.0.0')
      const cwd = temporaryFolder({ printed })
      const { status, stderr } = natplan(['overlaps', '--extract', 'printed', '10.0.0.0/8'], { cwd })
      expect(stderr).toContain('error PREFIXES_NONE')
      expect(status).toBe(1)
    },
  )

  it.each(['ip', 'busybox ip'])('%s tells the routes of a node', (ip) => {
    const outputs = ['route', 'address', 'rule'].map((what) => machine.script(`${ip} ${what}`))
    const settings = machine.script('sysctl net.ipv4.conf.all.rp_filter net.ipv4.conf.eth0.rp_filter || true')
    const { nodes, findings } = parseNodeRoutes(`== worker ==\n${outputs.join('')}${settings}`)
    expect(findings).toEqual([])
    const routes = nodes[0]?.routes.map(({ prefix, via }) => `${prefix} ${via ?? ''}`.trim()) ?? []
    expect(routes).toEqual(expect.arrayContaining(['0.0.0.0/0 10.0.1.254', '10.0.1.0/24', '10.2.0.0/16 10.0.1.9']))
  })

  it.each(['ip route', 'ip -json route'])('a site is made of %s', (command) => {
    const cwd = temporaryFolder({ 'worker.txt': machine.run(...command.split(' ')) })
    const { stdout, status } = natplan(['import', 'office=worker.txt'], { cwd })
    expect(status).toBe(0)
    expect(stdout).toContain('subnets: [ 10.0.1.0/24 ]')
  })
})

requireKernel('vtysh')('what FRR prints', () => {
  withMachine()
  let folder: string
  const shown = (command: string) => machine.run('vtysh', '--vty_socket', folder, '-c', command)
  const programs = '/usr/lib/frr'

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'natplan-frr-'))
    writeFileSync(
      join(folder, 'staticd.conf'),
      `ip route 10.5.0.0/16 10.0.1.9
ip route 10.6.0.0/24 Null0
ip route 10.2.0.0/16 10.0.1.77 200
ip route 10.7.0.0/24 10.99.0.1
`,
    )
    writeFileSync(join(folder, 'zebra.conf'), '')
    machine.script(`chown -R frr:frr ${folder}`)
    for (const name of ['zebra', 'staticd']) {
      const files = ['-f', join(folder, `${name}.conf`), '-i', join(folder, `${name}.pid`)]
      const sockets = ['--vty_socket', folder, '-z', join(folder, 'zserv.api'), '-P', '0']
      machine.start([join(programs, name), ...files, ...sockets], { stdio: 'ignore' })
      await until(
        () => `${name} is up`,
        () => machine.attempt('vtysh', '--vty_socket', folder, '-d', name, '-c', 'show version').status === 0,
      )
    }
    await until(
      () => 'the routes of staticd',
      () => machine.run('ip', 'route').includes('10.6.0.0/24'),
    )
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const used = [...routed, '10.5.0.0/16', '10.6.0.0/24']

  it.each([
    ['show ip route json', []],
    ['show ip route vrf all json', []],
    ['show ip route', ['--extract']],
    ['show ip route vrf all', ['--extract']],
  ])('%s is read as the networks that are routed', (command, args) => {
    expect([...new Set(prefixesIn(shown(command), ...args))]).toEqual(used)
  })

  it.each(['show ip route', 'show ip route vrf all'])('%s has the routes that the kernel has', (command) => {
    const daemon = readShownTables(shown(command))
    const kernel = readShownTables(machine.run('ip', 'route'))
    const way = ({ to }: DeviceRoute) => `${to.kind} ${to.kind === 'via' ? to.address : ''}`
    const written = (routes: readonly DeviceRoute[]) => [...new Set(routes.map((one) => `${one.prefix} ${way(one)}`))]
    const backup = daemon.routes.filter(({ distance }) => distance === 200)
    expect(daemon.by).toBe('daemon')
    expect(daemon.unread).toEqual([])
    expect(kernel.unread).toEqual([])
    expect(written(backup)).toEqual(['10.2.0.0/16 via 10.0.1.77'])
    const inUse = daemon.routes.filter((route) => !backup.includes(route))
    expect(written(inUse).sort()).toEqual(written(kernel.routes).sort())
  })
})

wherePrograms('kubectl')('what kubectl prints', () => {
  const kubectl = (...args: readonly string[]) => execFileSync(program('kubectl'), args, { encoding: 'utf8' })
  const peersIn = (text: string) => {
    const { stdout, status } = natplan(['import', 'list'], { cwd: temporaryFolder({ list: text }) })
    expect(status).toBe(0)
    return stdout
  }

  it.each(['json', 'yaml'])('of a list of routes as %s is imported', (form) => {
    const routes = '--from-literal=routes=["10.7.0.0/16","10.8.0.0/24"]'
    const made = ['create', 'configmap', 'static-routes', '--namespace', 'static-routes', routes, '--dry-run=client']
    expect(peersIn(kubectl(...made, '--output', form))).toContain('subnets: [ 10.7.0.0/16, 10.8.0.0/24 ]')
  })

  it('of the folder that natplan writes is imported', () => {
    const cwd = temporaryFolder()
    const plan = join(root, 'examples', 'acceptance', 'natplan.yaml')
    expect(natplan(['kubernetes', plan, '--kustomize', 'out'], { cwd }).status).toBe(0)
    expect(peersIn(kubectl('kustomize', join(cwd, 'out', 'cloud')))).toContain('192.168.1.0/24')
  })
})
