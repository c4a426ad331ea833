import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { natplan, root } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const key = 'Sup3r-Secret-Key-Number-One!'

const dump = (site: string) => readFileSync(join(root, 'test/inputs/import-files/linux', `${site}.txt`), 'utf8')

interface Entered {
  readonly site: string
  readonly text: string
  readonly paper: string
  readonly script: string
}

/** What a gateway shows after what the paper says and natplan's script. */
function entered({ site, text, paper, script }: Entered): string {
  const part = paper.split(/^(?=# \S+ \(linux\)$)/m).find((one) => one.startsWith(`# ${site} `)) ?? ''
  const own = part.slice(0, part.search(/^# \d+\. What the firewall/m) >>> 0)
  const places = [...own.matchAll(/\S+\.txt:(\d+)(?: to (\d+))?/g)].map(([, from, to = from]) => [
    Number(from),
    Number(to),
  ])
  const rules = [...own.matchAll(/^iptables -t nat -D (.*)$/gm)].map(([, rule]) => `-A ${rule}`)
  const gone = [...own.matchAll(/^ip link delete (\S+)$/gm)].map(([, name]) => name)
  const held = [...own.matchAll(/^ip route add (blackhole .*)$/gm)].map(([, route]) => route)
  const isGone = (line: string) => gone.some((name) => line.includes(` dev ${name}`) || line.includes(` ${name}`))
  const lines = text
    .split('\n')
    .filter((_, index) => !places.some(([from = 0, to = 0]) => index + 1 >= from && index + 1 <= to))
    .filter((line) => !rules.includes(line) && !isGone(line) && !line.includes('xfrm if_id'))
  return `${[...lines, ...held].join('\n')}\n${script}`
}

describe('natplan import --adopt of Linux gateways', () => {
  it.each([
    ['ipsec.conf with iptables, swanctl.conf with nftables', ['east', 'west'], /east - west\s+proven/],
    ['one end with a virtual interface', ['hub'], /hub - branch\s+one end only/],
  ] as const)('leads to what differs in nothing: %s', (_, sites, result) => {
    const folder = temporaryFolder(Object.fromEntries(sites.map((site) => [`${site}.txt`, dump(site)])))
    const sources = sites.map((site) => `${site}=${site}.txt`)
    const run = (...args: string[]) => natplan(args, { cwd: folder })
    expect(run('verify', ...sources).stdout).toMatch(result)
    const { stdout: paper, stderr } = run('import', ...sources, '-o', 'natplan.yaml', '--adopt')
    const plan = readFileSync(join(folder, 'natplan.yaml'), 'utf8')
    expect(`${paper}${stderr}${plan}`).not.toContain('Secret-Key')
    expect(paper).not.toContain('undefined')
    const keyed = temporaryFolder({
      'natplan.yaml': plan,
      'natplan.lock.yaml': readFileSync(join(folder, 'natplan.lock.yaml')),
      [/file: (\S+)/.exec(plan)?.[1] ?? '']: `${key}\n`,
    })
    for (const site of sites) {
      const { stdout: script } = natplan(['vyatta', '--site', site, '--script', '--show-secrets'], { cwd: keyed })
      expect(script).toContain(key)
      writeFileSync(join(keyed, `${site}.txt`), entered({ site, text: dump(site), paper, script }))
    }
    const differing = natplan(['diff', ...sources], { cwd: keyed })
    expect(differing.stdout).toBe('')
    for (const site of sites) expect(differing.stderr).toContain(`${site}: as planned`)
    const verified = natplan(['verify', ...sources], { cwd: keyed })
    expect(verified.stdout).toMatch(result)
    expect(verified.stderr).not.toMatch(/ error /)
  })

  it('says which rules of a firewall name the old virtual interface, and writes no command of a name that a shell would read', () => {
    const firewall = 'table inet filter {\n\tchain forward {\n\t\ttype filter hook forward priority 0; policy drop;\n'
    const text = `${dump('hub').replaceAll('branch {', 'a$(reboot) {')}${firewall}\t\tiifname "xfrm42" accept\n\t}\n}\n`
    const folder = temporaryFolder({ 'hub.txt': text })
    const { stdout } = natplan(['import', 'hub=hub.txt', '-o', 'natplan.yaml', '--adopt'], { cwd: folder })
    expect(stdout).toMatch(/^# {4}xfrm42 is ipsec\d+ \(hub\.txt:\d+\)$/m)
    expect(stdout.split('\n').filter((line) => line.includes('$(') && !line.startsWith('#'))).toEqual([])
    expect(stdout).toContain('#    swanctl --terminate --force --ike a$(reboot)')
  })
})
