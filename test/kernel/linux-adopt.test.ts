import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { natplan } from '../support/command.ts'
import { createGatewayLab, type GatewayLab } from '../support/gateway-lab.ts'
import type { Namespace } from '../support/namespaces.ts'
import { requireKernel } from '../support/require.ts'
import { startStrongswan } from '../support/strongswan.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const onKernel = requireKernel('nft', 'ip', 'swanctl', 'charon-systemd')

const key = 'Only-for-this-test-0123456789'

interface Hand {
  readonly name: string
  readonly own: string
  readonly peer: string
  readonly local: string
  readonly remote: string
  readonly real: string
}

/** What somebody wrote who did not know natplan. */
function connectionOf({ name, own, peer, local, remote }: Hand): string {
  return `connections {
  ${name} {
    version = 2
    local_addrs = ${own}
    remote_addrs = ${peer}
    proposals = aes256-sha256-modp2048
    local {
      auth = psk
      id = ${own}
    }
    remote {
      auth = psk
      id = ${peer}
    }
    children {
      lan {
        local_ts = ${local}
        remote_ts = ${remote}
        esp_proposals = aes256-sha256-modp2048
        start_action = trap
      }
    }
  }
}
secrets {
  ike-${name} {
    id = ${peer}
    secret = "${key}"
  }
}
`
}

function rulesOf({ local, remote, real }: Hand): string {
  return `table ip nat {
  chain pre {
    type nat hook prerouting priority dstnat; policy accept;
    iifname "eth1" ip saddr ${remote} dnat ip prefix to ip daddr map { ${local} : ${real} }
  }
  chain post {
    type nat hook postrouting priority srcnat; policy accept;
    oifname "eth1" ip daddr ${remote} snat ip prefix to ip saddr map { ${real} : ${local} }
    oifname "eth1" masquerade
  }
}
`
}

const cloud = { own: '203.0.113.10', local: '192.168.2.0/27', real: '10.0.1.0/27' }
const onpremise = { own: '192.0.2.20', local: '192.168.1.0/24', real: '10.0.1.0/24' }
const near: Hand = { name: 'office', ...cloud, peer: onpremise.own, remote: onpremise.local }
const far: Hand = { name: 'datacentre', ...onpremise, peer: cloud.own, remote: cloud.local }

async function configure(namespace: Namespace, hand: Hand): Promise<void> {
  await startStrongswan(namespace)
  namespace.script(`cat > /etc/swanctl/conf.d/hand.conf <<'END'\n${connectionOf(hand)}END\n
    nft -f - <<'END'\n${rulesOf(hand)}END\n`)
  namespace.run('swanctl', '--load-all')
}

/** What an administrator saves of a gateway. */
function dumpOf(namespace: Namespace): string {
  return namespace.script(
    'cat /etc/swanctl/conf.d/*.conf; nft -a list ruleset; ip -d link; ip address; ip route; ip -d rule; cat /etc/sysctl.d/90-natplan.conf 2>/dev/null || true',
  )
}

/** The part of what `--adopt` printed that is for one gateway. */
function partOf(adopted: string, site: string): string {
  return adopted.split(/^(?=# \S+ \(linux\)$)/m).find((part) => part.startsWith(`# ${site} `)) ?? ''
}

/** As the paper says: the sections out, natplan's script, the commands, in their order. */
function enter(namespace: Namespace, { paper, script }: { readonly paper: string; readonly script: string }): void {
  const [before = '', after = ''] = paper.split(/^# \d+\. Run .*$/m)
  const commands = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  namespace.run('rm', '/etc/swanctl/conf.d/hand.conf')
  namespace.script(commands(before).join('\n'))
  namespace.run('sh', script)
  namespace.script(commands(after).join('\n'))
}

onKernel('a hand-made Linux gateway', () => {
  let lab: GatewayLab
  beforeEach(async () => {
    lab = await createGatewayLab()
  })
  afterEach(() => lab?.remove())

  it('is natplan’s after what --adopt says: its tunnel, its rules, and nothing that differs', async () => {
    await configure(lab.near, near)
    await configure(lab.far, far)
    lab.near.attempt('swanctl', '--initiate', '--ike', 'office', '--timeout', '20')
    expect(lab.near.run('swanctl', '--list-sas')).toMatch(/office: #\d+, ESTABLISHED/)
    const folder = temporaryFolder({ 'cloud.txt': dumpOf(lab.near), 'onpremise.txt': dumpOf(lab.far) })
    const sources = ['cloud=cloud.txt', 'onpremise=onpremise.txt']
    expect(natplan(['verify', ...sources], { cwd: folder }).stdout).toMatch(/cloud - onpremise\s+proven/)

    const { stdout: paper, stderr } = natplan(['import', ...sources, '-o', 'natplan.yaml', '--adopt'], {
      cwd: folder,
    })
    expect(`${paper}${stderr}${readFileSync(join(folder, 'natplan.yaml'), 'utf8')}`).not.toContain(key)
    natplan(['plan'], { cwd: folder })
    const [, keyFile = ''] = /file: (\S+)/.exec(readFileSync(join(folder, 'natplan.yaml'), 'utf8')) ?? []
    lab.near.run('mkdir', '-p', join(folder, 'keys'))
    writeFileSync(join(folder, keyFile), `${key}\n`, { mode: 0o600 })
    for (const [site, namespace] of [
      ['cloud', lab.near],
      ['onpremise', lab.far],
    ] as const) {
      const { stdout } = natplan(['vyatta', '--site', site, '--script', '--show-secrets'], { cwd: folder })
      const script = join(folder, `${site}.sh`)
      writeFileSync(script, stdout, { mode: 0o700 })
      enter(namespace, { paper: partOf(paper, site), script })
    }

    lab.near.attempt('swanctl', '--initiate', '--ike', 'natplan-onpremise', '--timeout', '20')
    const tunnels = lab.near.run('swanctl', '--list-sas')
    expect(tunnels).toMatch(/natplan-onpremise: #\d+, ESTABLISHED/)
    expect(tunnels).not.toContain('office')
    writeFileSync(join(folder, 'cloud.txt'), dumpOf(lab.near))
    writeFileSync(join(folder, 'onpremise.txt'), dumpOf(lab.far))
    const differing = natplan(['diff', ...sources], { cwd: folder })
    expect(differing.stdout).toBe('')
    expect(differing.stderr).toMatch(/cloud: as planned/)
    expect(differing.stderr).toMatch(/onpremise: as planned/)
    expect(natplan(['verify', ...sources], { cwd: folder }).stdout).toMatch(/cloud - onpremise\s+proven/)
    expect(lab.near.run('nft', 'list', 'table', 'ip', 'nat')).not.toContain('192.168.1.0/24')
  })
})
