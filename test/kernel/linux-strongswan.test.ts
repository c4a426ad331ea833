import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { platformModule, Secret, type Texts } from '@natplan/templates'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createGatewayLab, type GatewayLab } from '../support/gateway-lab.ts'
import { Namespace, type Ran, until } from '../support/namespaces.ts'
import { derive, type Written } from '../support/policies.ts'
import { requireKernel } from '../support/require.ts'
import { startStrongswan } from '../support/strongswan.ts'

const onKernel = requireKernel('nft', 'ip', 'swanctl', 'charon-systemd')

function gateway(address: string, more: { readonly identity?: string } = {}) {
  return { platform: 'linux', outside: { interface: 'eth1', address }, inside: { interface: 'eth0' }, ...more } as const
}

/** Algorithms that strongSwan has without further plugins. */
const example: Written = {
  pools: ['192.168.0.0/16'],
  sites: {
    cloud: { subnets: ['10.0.1.0/27'], gateway: gateway('203.0.113.10', { identity: 'cloud.example.net' }) },
    onpremise: { subnets: ['10.0.1.0/24', '10.50.0.0/16'], gateway: gateway('192.0.2.20') },
  },
  tunnels: [{ sites: ['cloud', 'onpremise'], proposal: 'compatible' }],
}

const linux = platformModule('linux')
const key = new Secret('Every.sign+that=may,be/in:a(key)#{}%&*-_@^~|<>;!')

function textsOf(site: string, keys: readonly Secret[] = [key], written: Written = example): Texts {
  const policy = derive(written).policies.find((one) => one.site === site)
  const secrets = new Map(policy?.tunnels.flatMap(({ peer }) => keys.map((one) => [peer as string, one] as const)))
  const { texts, findings } = (policy && linux?.render(policy, { secrets })) ?? {}
  if (!texts) throw new Error(`nothing rendered for ${site}: ${JSON.stringify(findings)}`)
  return texts
}

const folder = mkdtempSync(join(tmpdir(), 'natplan-strongswan-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a text as the script that natplan makes of it. */
function runScript(namespace: Namespace, text: string, kind: 'configure' | 'remove'): Ran {
  const file = join(folder, `${kind}.sh`)
  writeFileSync(file, linux?.script(text, kind) ?? '', { mode: 0o700 })
  return namespace.attempt('sh', file)
}

/** The connections, their children and what they are for, without the daemon's remarks about plugins. */
function connections(namespace: Namespace): string {
  return namespace.run('swanctl', '--list-conns')
}

/** The policies of tunnels; those of the daemon's own sockets name no prefix. */
function policies(namespace: Namespace): string[] {
  const lines = namespace.run('ip', '-oneline', 'xfrm', 'policy').split('\n')
  return lines.map((line) => line.replaceAll(/\s+/g, ' ')).filter((line) => line.includes('mode tunnel'))
}

onKernel('strongSwan', () => {
  describe('with one gateway', () => {
    let alone: Namespace
    beforeEach(async () => {
      alone = await Namespace.create()
      alone.script(`ip link add eth1 type veth peer name wan1; ip link set eth1 up; ip link set wan1 up
        ip addr add 192.0.2.20/24 dev eth1; ip route add default via 192.0.2.1`)
      await startStrongswan(alone)
      return () => alone.remove()
    })

    it('loads the connections, and the traps hold packets for every pair', () => {
      const { configure } = textsOf('onpremise')
      for (let times = 0; times < 2; times++) {
        const { status, stdout, stderr } = runScript(alone, configure, 'configure')
        expect(`${stdout}${stderr}`).toContain("loaded ike secret 'ike-natplan-cloud'")
        expect(`${stdout}${stderr}`).toContain('successfully loaded 1 connections')
        expect(status).toBe(0)
      }
      const shown = connections(alone)
      expect(shown).toContain('natplan-cloud: IKEv2, no reauthentication, rekeying every 28800s, dpd delay 30s')
      expect(shown).toContain('id: cloud.example.net')
      for (const child of ['natplan-cloud-1000', 'natplan-cloud-1010']) {
        expect(shown).toContain(`${child}: TUNNEL, rekeying every 3240s`)
      }
      const out = policies(alone).filter((line) => line.includes('dir out'))
      expect(out.map((line) => /src \S+ dst \S+/.exec(line)?.[0]).sort()).toEqual([
        'src 10.50.0.0/16 dst 192.168.2.0/27',
        'src 192.168.1.0/24 dst 192.168.2.0/27',
      ])
      expect(alone.run('stat', '--format', '%a', '/etc/swanctl/conf.d/natplan-secrets.conf')).toBe('600\n')
      expect(alone.run('nft', 'list', 'tables')).toBe('table inet natplan\n')
    })

    it('runs every command of the checks', () => {
      const { configure, check } = textsOf('onpremise')
      runScript(alone, configure, 'configure')
      const commands = check.split('\n').filter((line) => /^(sysctl|nft|swanctl|ip) /.test(line))
      expect(commands.length).toBeGreaterThan(8)
      for (const command of commands.filter((line) => !line.includes('--initiate'))) alone.script(command)
    })

    it('forgets everything at the removal', () => {
      const { configure, remove } = textsOf('onpremise')
      runScript(alone, configure, 'configure')
      for (let times = 0; times < 2; times++) expect(runScript(alone, remove, 'remove')).toMatchObject({ status: 0 })
      expect(connections(alone)).toBe('')
      expect(policies(alone)).toEqual([])
      expect(alone.run('nft', 'list', 'tables')).toBe('')
      expect(alone.run('find', '/etc', '-name', '*natplan*')).toBe('')
    })

    it('keeps the ruleset in force when a new one is refused', () => {
      const { configure } = textsOf('onpremise')
      runScript(alone, configure, 'configure')
      const before = alone.run('nft', 'list', 'ruleset')
      const { status, stderr } = runScript(alone, configure.replace('type ipv4_addr', 'type nonsense'), 'configure')
      expect(status).not.toBe(0)
      expect(stderr).toContain('the one in force is unchanged')
      expect(alone.run('nft', 'list', 'ruleset')).toBe(before)
      alone.run('nft', '--check', '--file', '/etc/natplan/natplan.nft')
    })

    it('says which tunnel has no key', () => {
      const { stdout, stderr } = runScript(alone, textsOf('onpremise', []).configure, 'configure')
      expect(`${stdout}${stderr}`).toContain("missing secret in 'ike-natplan-cloud', ignored")
      expect(stderr).toContain('natplan: the tunnel to cloud has no pre-shared key')
      expect(policies(alone).some((line) => line.includes('dir out'))).toBe(true)
    })
  })

  describe('with a gateway that calls before its peer knows it', () => {
    const written: Written = {
      ...example,
      tunnels: [
        { sites: ['cloud', 'onpremise'], proposal: 'compatible', start: { cloud: 'initiate', onpremise: 'respond' } },
      ],
    }
    let lab: GatewayLab
    beforeAll(async () => {
      lab = await createGatewayLab()
      await Promise.all([startStrongswan(lab.near), startStrongswan(lab.far)])
    })
    afterAll(() => lab?.remove())

    it('calls again until the peer is configured, and ends with the removal', { timeout: 180_000 }, async () => {
      const configured = runScript(lab.near, textsOf('cloud', [key], written).configure, 'configure')
      expect(configured.stderr).toContain('let the start-up run "sh /etc/natplan/natplan-calls.sh"')
      const calls = lab.near.start(['sh', '/etc/natplan/natplan-calls.sh'], { stdio: 'ignore' })
      const sas = () => lab.near.run('swanctl', '--list-sas', '--ike', 'natplan-onpremise')
      await until(
        () => `nobody answers: ${sas()}`,
        () => sas() === '',
        20_000,
      )
      runScript(lab.far, textsOf('onpremise', [key], written).configure, 'configure')
      expect(sas()).toBe('')
      await until(
        () => `it calls again: ${sas()}`,
        () => sas().includes('ESTABLISHED, IKEv2'),
        90_000,
      )
      runScript(lab.near, textsOf('cloud', [key], written).remove, 'remove')
      await until(
        () => 'the script ends',
        () => calls.exitCode === 0,
        60_000,
      )
    })
  })

  describe('with both gateways', () => {
    let lab: GatewayLab
    beforeAll(async () => {
      lab = await createGatewayLab()
      await Promise.all([startStrongswan(lab.near), startStrongswan(lab.far)])
    })
    afterAll(() => lab?.remove())

    it('agrees on identities, key and algorithms', () => {
      runScript(lab.near, textsOf('cloud').configure, 'configure')
      runScript(lab.far, textsOf('onpremise').configure, 'configure')
      lab.near.run('swanctl', '--initiate', '--ike', 'natplan-onpremise', '--timeout', '20')
      for (const [namespace, name] of [
        [lab.near, 'natplan-onpremise'],
        [lab.far, 'natplan-cloud'],
      ] as const) {
        const shown = namespace.run('swanctl', '--list-sas', '--ike', name)
        expect(shown).toMatch(/ESTABLISHED, IKEv2/)
        expect(shown).toContain('AES_CBC-256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048')
      }
    })
  })
})
