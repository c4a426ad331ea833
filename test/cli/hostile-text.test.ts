import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { natplan, root } from '../support/command.ts'
import { invisible } from '../support/invisible.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** Moves the cursor, ends lines, turns text round, and is something to Markdown, HTML, Mermaid and the logs of pipelines. */
const trick =
  '\u001b[2K\u001b]0;x\u0007\r\u009b1A\u202e\u2066\u200b\u2028<b>x</b><img src=x>![i](http://evil.example/p.png)[l](javascript:1)|`*_x_*~~y~~ www.evil.example @everyone &lt; ##vso[task.setvariable]x ::error::x %%{init}%% "\\'
/** What a file may be called, so without a slash. */
const fileName = `${trick.replaceAll('/', '')}\n::error::`

function expectForPeople(text: string): void {
  expect(text).not.toMatch(invisible)
  expect(text).not.toMatch(/^\s*::\w+.*::/m)
  expect(text).not.toMatch(/##\w*\[/)
}

/** What is left of Markdown when its code and what is escaped are taken out is what a renderer acts upon. */
function expectMarkdown(text: string): void {
  expectForPeople(text)
  const active = text
    .replace(/^(`{3,})text\n[\s\S]*?^\1\n/gm, '')
    .replace(/\\[!-/:-@[-`{-~]/g, '')
    .replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '')
  expect(active).not.toMatch(/<[A-Za-z/!]|\]\(|:\/\/|www\.|@\w|`|~~/)
  expect(active.split('\n').filter((line) => line.startsWith('|') && !line.endsWith('|'))).toEqual([])
}

const quoted = (text: string) => text.replaceAll("'", '').replaceAll('\r', '').replaceAll('\u2028', '')
const peer = quoted(trick).replaceAll(' ', '')

const dump = (local: string, remote: string) => `set interfaces ethernet eth0 address '${local}/24'
set interfaces ethernet eth0 description '${quoted(trick)}'
set interfaces ethernet 'eth${peer}' address '10.7.0.1/24'
set interfaces ethernet eth1 address '10.1.0.1/24'
set vpn ipsec esp-group E proposal 1 encryption 'aes256'
set vpn ipsec ike-group I key-exchange 'ikev2'
set vpn ipsec ike-group I proposal 1 encryption 'aes256${peer}'
set vpn ipsec site-to-site peer '${peer}' remote-address '${remote}'
set vpn ipsec site-to-site peer '${peer}' authentication remote-id '${peer}'
set vpn ipsec site-to-site peer '${peer}' default-esp-group 'E'
set vpn ipsec site-to-site peer '${peer}' ike-group 'I'
set vpn ipsec site-to-site peer '${peer}' local-address '${local}'
set vpn ipsec site-to-site peer '${peer}' tunnel 1 local prefix '10.1.0.0/24'
set vpn ipsec site-to-site peer '${peer}' tunnel 1 remote prefix '10.2.0.0/24'
set nat source rule 9 description '${quoted(trick)}'
set nat source rule 9 outbound-interface name '${peer}'
set nat source rule 10 source group address-group '${peer}'
set nat source rule 10 translation address masquerade
set firewall ipv4 name '${peer}' default-action drop
set firewall ipv4 forward filter default-action drop
set firewall ipv4 forward filter rule 1 action jump
set firewall ipv4 forward filter rule 1 jump-target '${peer}'
set firewall ${peer}
${quoted(trick)}
`

const gateway = (address: string, more = '') =>
  `gateway: { platform: vyos-1.4, outside: { interface: eth0, address: ${address} }, inside: { interface: eth1 }${more} }`

const plan = `version: 1
sites:
  cloud:
    subnets: [10.0.1.0/27]
    kubernetes: { privateNetwork: 10.0.0.0/8 }
    ${gateway('203.0.113.10')}
  onpremise:
    subnets: [{ prefix: 10.0.1.0/24, name: ${JSON.stringify('warehouse')} }]
    ${gateway('192.0.2.20')}
tunnels: [{ sites: [cloud, onpremise], preSharedKey: { env: NATPLAN_PSK } }]
`

const text = JSON.stringify(trick)
const hostilePlans: readonly (readonly [string, string])[] = [
  ['a name of a site', plan.replaceAll('cloud', text)],
  ['a prefix', plan.replace('10.0.1.0/27', text)],
  ['a name of a subnet', plan.replace('"warehouse"', text)],
  ['a platform', plan.replace('vyos-1.4', text)],
  ['an interface', plan.replace('eth0', text)],
  ['an address', plan.replace('203.0.113.10', text)],
  ['an unknown key', `${plan}${text}: 1\n`],
  ['an unknown key of a site', plan.replace('subnets:', `${text}: 1\n    subnets:`)],
  ['a site of a tunnel', plan.replace('[cloud, onpremise]', `[cloud, ${text}]`)],
  ['a variable', plan.replace('NATPLAN_PSK', text)],
  ['a file of a key', plan.replace('env: NATPLAN_PSK', `file: ${text}`)],
  ['an alias', plan.replace('NATPLAN_PSK', `*${peer}`)],
  ['text that is no YAML', `${plan}\u001b[2K\n ${trick}\n`],
  ['nothing', trick],
]

const env = { NATPLAN_PSK: 'EXAMPLE-ONLY-0123456789abcdef' }

function expectSafe(args: readonly string[], cwd: string, output?: string): void {
  const { stdout, stderr, status } = natplan(output ? [...args, '--output', output] : args, { cwd, env })
  expect(status, stderr).not.toBe(70)
  expectForPeople(stderr)
  if (output === 'markdown') expectMarkdown(stdout)
  else expectForPeople(stdout)
}

describe('hostile texts', () => {
  it.each(hostilePlans)('in a plan reach nobody: %s', (_, hostile) => {
    const cwd = temporaryFolder({ 'natplan.yaml': hostile })
    for (const output of ['json', 'yaml', 'markdown']) expectSafe(['verify'], cwd, output)
    expectSafe(['plan'], cwd, 'table')
    expectSafe(['plan', '--format', 'sarif'], cwd)
    const { stderr } = natplan(['plan', '--format', 'github'], { cwd })
    for (const line of stderr.split('\n').filter((one) => !one.startsWith('::'))) expect(line).toMatch(/^(natplan.*|)$/)
    expect(stderr).not.toMatch(invisible)
    expectSafe(['vyatta', '--show-secrets'], cwd)
    expectSafe(['generate', '-o', 'out'], cwd)
  })

  it('in names of files reach nobody', () => {
    const cwd = temporaryFolder()
    const folder = join(cwd, fileName)
    mkdirSync(folder)
    const file = join(fileName, `${fileName}.yaml`)
    writeFileSync(join(cwd, file), plan)
    writeFileSync(join(folder, 'a.txt'), dump('203.0.113.10', '192.0.2.20'))
    for (const output of ['table', 'json', 'yaml', 'markdown']) {
      for (const command of ['plan', 'verify']) expectSafe([command, '-f', file], cwd, output)
      expectSafe(['verify', `cloud=${join(fileName, 'a.txt')}`], cwd, output)
    }
    for (const output of ['table', 'json', 'csv'])
      expectSafe(['overlaps', file, file.replace('.yaml', '')], cwd, output)
    expectSafe(['plan', file, '--save'], cwd)
    expectSafe(['generate', file, '-o', join(fileName, 'out')], cwd)
    expectSafe(['kubernetes', file, '--kustomize', join(fileName, 'kustomize')], cwd)
    expectSafe(['release', trick, '10.0.1.0/27', '-f', file], cwd)
    expectSafe(['init', join(fileName, 'new.yaml')], cwd)
    expectSafe(['plan', `${fileName}.none`], cwd)
    expectSafe([trick, `--${trick}`], cwd)
    expectSafe(['plan', `--${trick}`], cwd)
    expectSafe(['plan', '--output', trick], cwd)
    expectSafe(['explain', trick, '-f', file], cwd)
    expectSafe(['explain', `a:${trick}`, '-f', file], cwd)
    for (const options of [
      ['--site', trick],
      ['--output', 'hosts'],
      ['--zone', trick, '--output', 'bind'],
      ['--check', file],
    ])
      expectSafe(['names', file, ...options], cwd)
    for (const path of readdirSync(join(folder, 'out'), { recursive: true, encoding: 'utf8' })) {
      const written = join(folder, 'out', path)
      if (!statSync(written).isDirectory())
        expect(readFileSync(written, 'utf8'), path).not.toMatch(/(?!\t)(?!\n)\p{Cc}|\p{Cf}|<b>/u)
    }
  })

  it('in configurations reach nobody', () => {
    const files = { 'a.txt': dump('203.0.113.10', '192.0.2.20'), 'b.txt': dump('192.0.2.20', '203.0.113.10') }
    const cwd = temporaryFolder({ ...files, 'natplan.yaml': plan })
    for (const output of ['table', 'json', 'yaml', 'markdown', 'mermaid']) {
      if (output !== 'mermaid') expectSafe(['verify', 'a=a.txt', 'b=b.txt'], cwd, output)
      if (output !== 'mermaid') expectSafe(['verify', '-f', 'natplan.yaml', 'cloud=a.txt'], cwd, output)
      expectSafe(['trace', '--config', 'a=a.txt', '--config', 'b=b.txt', 'a:10.1.0.5', '10.2.0.7'], cwd, output)
    }
    expectSafe(['diff', 'cloud=a.txt'], cwd)
    expectSafe(['diff', 'cloud=a.txt'], cwd, 'json')
    expectSafe(['vyatta', '--existing', 'cloud=a.txt'], cwd)
    expectSafe(['generate', '-o', 'out', '--existing', 'cloud=a.txt'], cwd)
  })

  it('in routes and lists of prefixes reach nobody', () => {
    const list = `10.0.0.0/8\n10.0.1.0/24\n${trick}\n10.1.0.0/16 ${trick}\n`
    const cwd = temporaryFolder({
      'list.txt': list,
      'a.csv': `prefix,name\n10.0.0.0/8,x\n${trick.replaceAll(',', '').replaceAll('"', '')},y\n`,
      'natplan.yaml': plan,
    })
    for (const output of ['table', 'json', 'ndjson', 'csv']) {
      expectSafe(['overlaps', 'list.txt', 'a.csv', '--bad-lines', 'bad.txt'], cwd, output)
      expectSafe(['free', '--in', '10.0.0.0/8', 'list.txt'], cwd, output)
    }
    expectForPeople(readFileSync(join(cwd, 'bad.txt'), 'utf8'))
    writeFileSync(join(cwd, 'routes.txt'), `default via 10.0.1.1 dev ${peer}\n10.0.0.0/8 ${trick}\n`)
    expectSafe(['verify', '--routes', 'cloud=routes.txt'], cwd)
  })
})

it('nothing writes to a stream but what makes texts safe', () => {
  const source = join(root, 'packages', 'cli', 'src')
  const writing = /std(?:out|err)\.write|streamOf\(|writer\.write|writeSync\([12]\b|console\./
  const writers = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && writing.test(readFileSync(join(source, path), 'utf8')),
  )
  expect(writers.sort()).toEqual([
    'bin.ts',
    'files/text-sink.ts',
    'lab/probe-program.ts',
    'terminal/progress.ts',
    'terminal/streams.ts',
  ])
})
