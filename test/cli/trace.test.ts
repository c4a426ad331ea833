import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { natplan, root } from '../support/command.ts'
import { expectGolden } from '../support/golden.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { breakNamed } from '../verify/breaks.ts'
import { brokenTexts } from '../verify/configurations.ts'

const file = ['--file', join(root, 'examples', 'acceptance', 'natplan.yaml')]

function trace(...args: readonly string[]) {
  return natplan(['trace', ...args, ...file])
}

describe('natplan trace', () => {
  it('prints what is recorded, in each form', () => {
    const packet = ['cloud:10.0.1.5', '192.168.1.77', '--dport', '443']
    expectGolden(join(root, 'test', 'golden', 'trace'), {
      'delivered.txt': trace(...packet).stdout,
      'delivered.json': trace(...packet, '--output', 'json').stdout,
      'delivered.md': trace(...packet, '--output', 'markdown').stdout,
      'delivered.mmd': trace(...packet, '--output', 'mermaid').stdout,
      'without-routes.txt': trace('onpremise:10.0.1.77', '192.168.2.5', '--without-routes').stdout,
      'without-routes-loose.mmd': trace(
        'onpremise:10.0.1.77',
        '192.168.2.5',
        '--without-routes',
        '--rp-filter',
        'loose',
        '--output',
        'mermaid',
      ).stdout,
    })
  })

  it('keeps to its schema', () => {
    const schema = JSON.parse(readFileSync(join(root, 'schema', 'trace-output.schema.json'), 'utf8')) as object
    const validate = new Ajv2020({ strict: false }).compile(schema)
    for (const extra of [[], ['--without-routes'], ['--tunnels-down']]) {
      const { stdout } = trace('cloud:10.0.1.5', '192.168.1.77', '--output', 'json', ...extra)
      expect(validate(JSON.parse(stdout)), JSON.stringify(validate.errors)).toBe(true)
    }
  })

  it('calls the far host by its real address with its site', () => {
    const named = trace('cloud:10.0.1.5', 'onpremise:10.0.1.77')
    expect(named.status).toBe(0)
    expect(named.stdout).toBe(trace('cloud:10.0.1.5', '192.168.1.77').stdout)
  })

  it.each([
    ['packet and answer arrive', ['cloud:10.0.1.5', '192.168.1.77'], 0, 'delivered both ways'],
    [
      'the real address of the peer',
      ['cloud:10.0.1.5', '10.0.1.77'],
      1,
      'cloud calls 10.0.1.77 of onpremise by 192.168.1.77',
    ],
    ['no agent', ['cloud:10.0.1.5', '192.168.1.77', '--without-routes'], 1, 'leaves by the default route'],
    ['tunnels down', ['cloud:10.0.1.5', '192.168.1.77', '--tunnels-down'], 1, 'held back while the tunnel is down'],
    ['a pod', ['cloud:172.30.4.4', '192.168.1.77'], 0, 'the node gives the packet of the pod its own address'],
    ['a pod that keeps its address', ['cloud:172.30.4.4', '192.168.1.77', '--pods-keep-address'], 1, 'POD_ADDRESSES'],
  ])('%s', (_, args, status, text) => {
    const result = trace(...args)
    expect(result.stdout).toContain(text)
    expect(result.status).toBe(status)
  })

  it.each([
    ['a protocol by its number', ['--proto', '17'], 'udp from cloud 10.0.1.5 port 40000 to 192.168.1.77 port 443'],
    [
      'ports that are given',
      ['--sport', '7', '--dport', '22'],
      'tcp from cloud 10.0.1.5 port 7 to 192.168.1.77 port 22',
    ],
    ['a protocol without ports', ['--proto', 'icmp'], 'icmp from cloud 10.0.1.5 to 192.168.1.77'],
  ])('says which packet it is: %s', (_, choices, head) => {
    const { status, stdout } = trace('cloud:10.0.1.5', '192.168.1.77', ...choices)
    expect([status, stdout.split('\n')[0]]).toEqual([0, head])
  })

  it('names lines that are not understood, since they may send the packet another way', () => {
    const texts = [...brokenTexts(breakNamed('a static NAT rule'))]
    const cwd = temporaryFolder(Object.fromEntries(texts.map(([site, { text }]) => [`${site}.txt`, text])))
    const configs = texts.flatMap(([site]) => ['--config', `${site}=${site}.txt`])
    const { status, stdout } = natplan(['trace', 'cloud:10.0.1.5', '192.168.1.77', ...configs], { cwd })
    expect(status).toBe(3)
    expect(stdout).toContain('Result: not known')
    expect(stdout).toMatch(/not understood +cloud\.txt:\d+: static rule 10/)
  })

  it.each([
    ['an address of two sites', ['10.0.1.5', '192.168.1.77'], 'cloud:10.0.1.5 or onpremise:10.0.1.5'],
    ['an address of nobody', ['10.99.0.1', '192.168.1.77'], 'no site has 10.99.0.1'],
    ['a slip in the site', ['clod:10.0.1.5', '192.168.1.77'], 'did you mean cloud?'],
    ['no address', ['cloud:10.0.1.', '192.168.1.77'], 'is not an IP address'],
    [
      'a host that no tunnel carries',
      ['cloud:10.0.1.5', 'onpremise:10.0.99.1'],
      'no tunnel of cloud carries 10.0.99.1',
    ],
    ['two families', ['cloud:10.0.1.5', 'fd00::1'], 'different IP versions'],
    ['a slip in the protocol', ['cloud:10.0.1.5', '192.168.1.77', '--proto', 'tpc'], 'did you mean tcp?'],
    ['a protocol number that is none', ['cloud:10.0.1.5', '192.168.1.77', '--proto', '300'], '--proto "300"'],
    ['nodes that are not there', ['cloud:10.0.1.5', '192.168.1.77', '--nodes', 'gpu'], 'no nodes called "gpu"'],
    ['a port that is none', ['cloud:10.0.1.5', '192.168.1.77', '--dport', '99999'], '--dport is not a port'],
  ])('refuses %s', (_, args, text) => {
    const { status, stdout, stderr } = trace(...args)
    expect(stderr).toContain(text)
    expect(stdout).toBe('')
    expect(status).toBeGreaterThan(0)
  })
})
