import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verifyDocument } from '../../packages/app/src/results/schemas/verify.ts'
import { natplan, root } from '../support/command.ts'
import { expectGolden } from '../support/golden.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { breakNamed } from '../verify/breaks.ts'
import { acceptanceTexts, brokenTexts } from '../verify/configurations.ts'

const plan = join(root, 'examples', 'acceptance', 'natplan.yaml')
/** The key of the tests; their texts have it in full. */
const key = 'abcdefghijklmnopqrstuvwxyz'

const node = `default via 198.51.100.1 dev eth1
10.0.0.0/8 via 10.0.1.1 dev eth0
10.0.1.0/27 dev eth0 proto kernel scope link src 10.0.1.5
`

function folderOf(texts: ReturnType<typeof acceptanceTexts>): string {
  const files = [...texts].map(([site, { text }]) => [`${site}.txt`, text] as const)
  return temporaryFolder({ ...Object.fromEntries(files), 'nodes.txt': node })
}

const both = ['verify', 'cloud=cloud.txt', 'onpremise=onpremise.txt']

describe('natplan verify', () => {
  it('shows what was proven, in every format', () => {
    const cwd = folderOf(acceptanceTexts('vyos-1.4'))
    const json = natplan([...both, '--output', 'json'], { cwd })
    expect(verifyDocument.parse(JSON.parse(json.stdout)).proven).toBe(true)
    const broken = folderOf(brokenTexts(breakNamed('a masquerade in front')))
    expectGolden(join(root, 'test', 'golden', 'verify'), {
      'proven.txt': natplan(both, { cwd }).stdout,
      'proven.json': json.stdout,
      'plan.txt': natplan(['verify', '-f', plan]).stdout,
      'broken.txt': natplan(both, { cwd: broken }).stdout,
      'broken.md': natplan([...both, '--output', 'markdown'], { cwd: broken }).stdout,
      'broken.json': natplan([...both, '--output', 'json'], { cwd: broken }).stdout,
    })
  })

  it('checks a plan with what it renders', () => {
    const { status, stdout } = natplan(['verify', '-f', plan])
    expect([status, stdout]).toEqual([0, expect.stringMatching(/cloud - onpremise {2}proven .*every address/)])
  })

  it('holds a real gateway against the subnets of a plan', () => {
    const cwd = folderOf(brokenTexts(breakNamed('a masquerade in front')))
    const { status, stdout, stderr } = natplan(['verify', '-f', plan, 'cloud=cloud.txt'], { cwd })
    expect(status).toBe(1)
    expect(stdout).toContain('not proven')
    expect(stderr).toMatch(/cloud\.txt:\d+:1 error NAT_SHADOWED/)
    expect(stderr).toContain(`-f ${plan}`)
  })

  it('needs routes on the nodes that are given', () => {
    const cwd = folderOf(acceptanceTexts('vyos-1.4'))
    const { status, stderr } = natplan([...both, '--routes', 'cloud=nodes.txt'], { cwd })
    expect(status).toBe(1)
    expect(stderr).toContain('NODE_ROUTE_MISSING')
    const first = natplan([...both, '--routes', 'nodes.txt'], { cwd })
    expect(first.stderr.replaceAll('--routes nodes.txt', '--routes cloud=nodes.txt')).toBe(stderr)
  })

  it('says where a line that it does not understand may be what is missed', () => {
    const texts = acceptanceTexts('vyos-1.4')
    const { platform, text } = texts.get('cloud') ?? { platform: 'vyos-1.4', text: '' }
    const number = /^set nat source rule (\d+)/m.exec(text)?.[1]
    const strange = `${text}set nat source rule ${number} packet-type broadcast\n`
    const cwd = folderOf(texts.set('cloud', { platform, text: strange }))
    const { status, stdout, stderr } = natplan(both, { cwd })
    expect([status, stdout]).toEqual([3, expect.stringContaining('not known')])
    expect(stderr).toMatch(/risk FLOW_NOT_KNOWN .*cloud\.txt:\d+: source rule \d+ asks packet-type/)
  })

  it.each([
    ['a peer that is switched off', (peer: string) => `set vpn ipsec site-to-site ${peer} disable`],
    ['a peer whose only tunnel is', (peer: string) => `set vpn ipsec site-to-site ${peer} tunnel 1000 disable`],
  ])('tells a tunnel that is missing from a configuration that is not given: %s', (_, lineFor) => {
    const texts = acceptanceTexts('vyos-1.4')
    const { platform, text } = texts.get('cloud') ?? { platform: 'vyos-1.4', text: '' }
    const peer = /site-to-site (peer \S+)/.exec(text)?.[1] ?? ''
    const off = `${text}${lineFor(peer)}\nset interfaces ethernet eth1 address '203.0.113.10/24'\n`
    const cwd = folderOf(texts.set('cloud', { platform, text: off }))
    const { status, stderr } = natplan(both, { cwd })
    expect(status).toBe(1)
    expect(stderr).toContain('error PEER_TUNNEL_MISSING onpremise has a tunnel to 203.0.113.10, but cloud has none')
    expect(stderr).not.toContain('PROOF_INCOMPLETE')
    const planned = natplan(['verify', '-f', plan, 'cloud=cloud.txt'], { cwd })
    expect(planned.stderr).toContain('PEER_TUNNEL_MISSING')
  })

  it('does not call a tunnel missing that may be among the lines that it does not understand', () => {
    const texts = acceptanceTexts('vyos-1.4')
    const { platform, text } = texts.get('cloud') ?? { platform: 'vyos-1.4', text: '' }
    const unknown = text.replaceAll('site-to-site peer', 'site-to-site partner')
    const strange = `${unknown}set interfaces ethernet eth1 address '203.0.113.10/24'\n`
    const cwd = folderOf(texts.set('cloud', { platform, text: strange }))
    const { stdout, stderr } = natplan(both, { cwd })
    expect(stdout).toContain('one end only')
    expect(stderr).toContain('may lead to cloud, where natplan does not understand cloud.txt:')
    expect(stderr).not.toContain('PEER_TUNNEL_MISSING')
  })

  it('calls no tunnel proven that an error is about, though every address arrives', () => {
    const cwd = folderOf(brokenTexts(breakNamed('a selector that is there twice')))
    const { stdout, status } = natplan(both, { cwd })
    expect(stdout).toMatch(/cloud - onpremise +not proven +1 address range × 2 directions, every address/)
    expect(status).toBe(1)
    expect(JSON.parse(natplan([...both, '--output', 'json'], { cwd }).stdout)).toMatchObject({ proven: false })
  })

  it('exits with 1 on risks only when it is strict', () => {
    const cwd = folderOf(brokenTexts(breakNamed('no segment size')))
    expect([natplan(both, { cwd }).status, natplan([...both, '--strict'], { cwd }).status]).toEqual([0, 1])
  })

  it.each(['the key', 'a static NAT rule', 'a selector that the peer lacks'])('never shows a key: %s', (why) => {
    const texts = brokenTexts(breakNamed(why))
    const { platform, text } = texts.get('cloud') ?? { platform: 'vyos-1.4', text: '' }
    const strange = `${text}set vpn ipsec site-to-site peer old authentication pre-shared-secret '${key}'\n`
    const cwd = folderOf(texts.set('cloud', { platform, text: strange }))
    for (const output of ['table', 'json', 'yaml', 'markdown']) {
      const { stdout, stderr } = natplan([...both, '--output', output], { cwd })
      expect(`${stdout}${stderr}`).not.toMatch(/(abc|xyz)defghijklmnopqrstuvwxyz/)
    }
  })

  /** Such a packet arrives, and so does its answer; who it came from is not kept. */
  const oneWay = 'real and translated prefix differ in length'
  const failing = [
    'a masquerade in front',
    'no destination rule',
    'a selector that is narrower than its mirror',
    'a source rule on a real interface',
    'a source rule towards the hosts as well',
    oneWay,
    'a static route into nothing for what it sees',
    'a network of the site where it sees the peer, and a source rule for the uplink only',
    'an end that waits for the other',
  ]

  it.each(failing)('names a packet that natplan trace shows: %s', (why) => {
    const broken = breakNamed(why)
    const cwd = folderOf(brokenTexts(broken))
    const args = both.map((word) => word.replace('=', `:${broken.platform}=`))
    const { stderr } = natplan(args, { cwd })
    const shown = [...stderr.matchAll(/error FLOW_\S+ [^\n]*?: ([^\n]*)\n {2}hint: .*?(natplan trace [^\n]*)/g)]
    expect(shown.length).toBeGreaterThan(0)
    for (const [, reason, command = ''] of shown) {
      const { status, stdout } = natplan([...command.split(' ').slice(1), '--output', 'json'], { cwd })
      expect(status).toBe(why === oneWay ? 0 : 1)
      expect(JSON.parse(stdout).reason).toBe(reason)
    }
  })

  it.each([
    ['a site that the plan lacks', ['verify', '-f', plan, 'clod=cloud.txt'], 'did you mean cloud?'],
    ['a form that is not known', ['verify', 'cloud.txt'], 'SITE=FILE'],
    ['a file that is not there', ['verify', 'cloud=missing.txt'], 'missing.txt does not exist'],
  ])('refuses %s', (_, args, text) => {
    const { status, stderr } = natplan(args, { cwd: folderOf(acceptanceTexts('vyos-1.4')) })
    expect(status).toBe(2)
    expect(stderr).toContain(text)
  })
})
