import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandFile, natplan, type Outcome } from '../support/command.ts'
import { requireCluster } from '../support/require.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { ControlPlane } from './control-plane.ts'
import { shellBlocks } from './documented-commands.ts'
import { clusterExamples, planFile, printed, readAll } from './examples.ts'
import type { Manifest } from './lint.ts'
import { Nodes } from './nodes.ts'

const version = 'app.kubernetes.io/version'

/** The manifests of a small plan with these settings of its cluster. */
function manifestsOf(settings: object = {}, ...options: readonly string[]): string {
  const sites = {
    cloud: { subnets: ['10.0.1.0/27'], reserved: ['192.0.2.0/24'], kubernetes: settings },
    office: { subnets: ['10.0.1.0/24'] },
  }
  const { status, stdout, stderr } = natplan(['kubernetes', '-', ...options], {
    input: JSON.stringify({ version: 1, sites }),
  })
  if (status !== 0) throw new Error(stderr)
  return stdout
}

/** The same manifests as a later release of natplan would print them, with another script. */
function withAnotherScript(text: string): string {
  const old = readAll(text).at(-1)?.spec?.template.metadata.labels[version] ?? ''
  return text.replaceAll(old, '0123456789ab').replace('#!/bin/sh', '#!/bin/sh\n    # another')
}

requireCluster()('a real API server', () => {
  let plane: ControlPlane
  beforeAll(async () => {
    plane = await ControlPlane.start()
  }, 180_000)
  afterAll(() => plane?.stop())

  const apply = (text: string): Promise<Outcome> =>
    plane.kubectl(['apply', '--server-side', '--force-conflicts', '--validate=strict', '-f', '-'], text)

  async function applied(text: string): Promise<string> {
    const { status, stdout, stderr } = await apply(text)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    return stdout
  }

  async function forget(namespace: string): Promise<void> {
    await plane.ask('delete', 'namespace', namespace, '--ignore-not-found', '--wait=true', '--timeout=100s')
  }

  describe('takes the manifests', () => {
    it.each(clusterExamples)(
      'of %s, strictly and without a warning, twice',
      async (example) => {
        const text = printed(example)
        await applied(text)
        await applied(text)
        for (const { kind, metadata, data } of readAll(text)) {
          const namespace = metadata.namespace ? ['--namespace', metadata.namespace] : []
          const there = await plane.read<Manifest>(...namespace, 'get', kind.toLowerCase(), metadata.name)
          expect(there.metadata.labels).toMatchObject(metadata.labels)
          expect(there.metadata.annotations).toMatchObject(metadata.annotations)
          expect(there.data).toEqual(data)
        }
        await forget('static-routes')
      },
      120_000,
    )

    it('and refuses a field that is not known, so strictly is strictly', async () => {
      const { status, stderr } = await apply(manifestsOf().replace('hostNetwork:', 'hostNetworks:'))
      expect(status).toBe(1)
      expect(stderr).toContain('hostNetworks')
      await forget('static-routes')
    }, 120_000)

    it('with every text as a text, whatever it looks like', async () => {
      const texts = ['0o7', '1e_3', '0b1', '1_000', '0x1F', 'yes', 'n', 'null', '2026-01-01', '1.5', '007']
      const nodeSelector = Object.fromEntries(
        texts.flatMap((text) => [
          [`v/${text}`, text],
          [text, text],
        ]),
      )
      await applied(manifestsOf({ nodeSelector, maxUnavailable: '50%', image: `alpine@sha256:${'0'.repeat(64)}` }))
      const { spec } = await plane.read<Manifest>(
        '--namespace',
        'static-routes',
        'get',
        'daemonset',
        'add-static-route',
      )
      expect(spec?.template.spec.nodeSelector).toEqual({ ...nodeSelector, 'kubernetes.io/os': 'linux' })
      await forget('static-routes')
    }, 120_000)

    it('of every setting over those of any other: nothing that cannot change does', async () => {
      await applied(manifestsOf())
      await applied(manifestsOf({ interval: 30, maxUnavailable: 2, image: 'busybox:1.37.0', metric: 20_000 }))
      await applied(manifestsOf({ nodeSelector: { pool: 'a' }, tolerations: [{ operator: 'Exists' }] }))
      await applied(manifestsOf({}, '--remove'))
      await applied(withAnotherScript(manifestsOf()))
      const list = await plane.ask('--namespace', 'static-routes', 'get', 'configmaps', '--output', 'name')
      expect(list.match(/route-agent-/g)).toHaveLength(2)
      const [script] = list.split('\n').filter((name) => name.includes('route-agent-'))
      const patch = ['--namespace', 'static-routes', 'patch', script ?? '', '--type=merge']
      const edited = await plane.kubectl([...patch, '--patch', '{"data":{"route-agent.sh":"exit"}}'])
      expect(edited.stderr).toContain('immutable')
      await forget('static-routes')
    }, 120_000)

    it('and its Pod Security admits the pod where they say it should, and nowhere else', async () => {
      const text = manifestsOf()
      await applied(text)
      const template = readAll(text).at(-1)?.spec?.template
      for (const level of ['baseline', 'restricted']) {
        await plane.ask('create', 'namespace', level)
        await plane.ask('label', 'namespace', level, `pod-security.kubernetes.io/enforce=${level}`)
        await plane.ask('--namespace', level, 'create', 'serviceaccount', 'route-agent')
      }
      const create = (namespace: string) => {
        const pod = {
          apiVersion: 'v1',
          kind: 'Pod',
          ...template,
          metadata: { name: 'one', labels: template?.metadata.labels },
        }
        return plane.kubectl(['--namespace', namespace, 'create', '--dry-run=server', '-f', '-'], JSON.stringify(pod))
      }
      expect(await create('static-routes')).toMatchObject({ status: 0, stderr: '' })
      for (const level of ['baseline', 'restricted']) {
        const { status, stderr } = await create(level)
        expect([status, stderr]).toEqual([1, expect.stringContaining(`violates PodSecurity "${level}:latest"`)])
        expect(stderr).toContain('host namespaces (hostNetwork=true)')
        await forget(level)
      }
      await forget('static-routes')
    }, 120_000)
  })

  describe('rolls out', () => {
    let nodes: Nodes
    beforeAll(async () => {
      nodes = new Nodes(plane, 'static-routes')
      for (const name of ['a', 'b', 'c']) await nodes.add(name)
    })

    const status = (timeout: string) =>
      nodes.while(
        plane.kubectl([
          '-n',
          'static-routes',
          'rollout',
          'status',
          `--timeout=${timeout}`,
          'daemonset/add-static-route',
        ]),
      )

    /** The version of the agent on each node, or that it takes routes off. */
    async function running(): Promise<Record<string, string>> {
      const pods = await plane.read<{ items: RunningPod[] }>('-n', 'static-routes', 'get', 'pods')
      return Object.fromEntries(
        pods.items.map(({ metadata, spec }) => {
          const mode = spec.containers[0]?.env.find(({ name }) => name === 'NATPLAN_MODE')?.value
          return [spec.nodeName ?? '', mode === 'run' ? (metadata.labels[version] ?? '') : 'cleanup']
        }),
      )
    }

    async function untilRunning(expected: Record<string, string>): Promise<void> {
      const reached = async () => {
        for (let tries = 0; tries < 60; tries++) {
          const now = await running()
          if (Object.entries(expected).every(([node, agent]) => now[node] === agent)) return now
          await new Promise((resolve) => setTimeout(resolve, 500))
        }
        return running()
      }
      expect(await nodes.while(reached())).toMatchObject(expected)
    }

    it('on all nodes, and back with the version, which only the pods have', async () => {
      const text = manifestsOf()
      const now = readAll(text).at(-1)?.spec?.template.metadata.labels[version] ?? ''
      await applied(text)
      expect((await status('60s')).stderr).toBe('')
      await untilRunning({ a: now, b: now, c: now })
      await applied(withAnotherScript(text))
      expect((await status('60s')).status).toBe(0)
      await untilRunning({ a: '0123456789ab', b: '0123456789ab', c: '0123456789ab' })
      const undo = shellBlocks('kubernetes.md').find((block) => block.includes('rollout undo')) ?? ''
      const undone = await plane.shell(undo, { programs: '/usr/bin', cwd: '/' })
      expect(undone.stdout).toContain('rolled back')
      expect((await status('60s')).status).toBe(0)
      await untilRunning({ a: now, b: now, c: now })
      const { metadata } = await plane.read<Manifest>('-n', 'static-routes', 'get', 'daemonset', 'add-static-route')
      expect(metadata.labels).not.toHaveProperty([version])
    }, 240_000)

    it('past no node that is down, unless it may; the removal of routes reaches all others at once', async () => {
      const [old, next] = [Object.values(await running())[0] ?? '', '0123456789ab']
      nodes.down.add('a')
      const [dead] = (await nodes.pods()).filter(({ spec }) => spec.nodeName === 'a')
      await nodes.report(dead?.metadata.name ?? '', { ready: false })
      await applied(withAnotherScript(manifestsOf()))
      const waited = await status('10s')
      expect(waited).toMatchObject({ status: 1, stderr: expect.stringContaining('timed out') })
      expect(await running()).toMatchObject({ b: old, c: old })
      const [patch = ''] = shellBlocks('kubernetes.md').filter((block) => block.includes('"maxUnavailable":2'))
      expect((await plane.shell(patch, { programs: '/usr/bin', cwd: '/' })).status).toBe(0)
      await untilRunning({ b: next, c: next })
      await applied(manifestsOf())
      await status('5s')
      await applied(manifestsOf({}, '--remove'))
      await untilRunning({ b: 'cleanup', c: 'cleanup' })
      nodes.down.delete('a')
      expect((await status('60s')).status).toBe(0)
      await forgetServed(nodes)
    }, 240_000)

    async function forgetServed(serving: Nodes): Promise<void> {
      await serving.while(forget('static-routes'))
    }

    it('and tells the state of every node, with what is wrong, in one command', async () => {
      await applied(manifestsOf())
      await status('60s')
      const [first, second] = await nodes.pods()
      const name = first?.metadata.name ?? ''
      await nodes.report(name, { ready: false })
      const problem = 'problem=shadowed route=192.168.1.0/24 by="192.168.1.0/24 via 10.1.2.9 dev eth1"'
      const event = (about: string, type: string, message: string) => ({
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: `${about}.${type.toLowerCase()}`, namespace: 'static-routes' },
        involvedObject: { kind: 'Pod', namespace: 'static-routes', name: about },
        reason: 'Unhealthy',
        type,
        message,
        lastTimestamp: '2026-03-02T10:19:27Z',
      })
      for (const one of [
        event(name, 'Warning', `Readiness probe failed: not-ready\n${problem}\n`),
        event(name, 'Normal', 'Pulled'),
        event(second?.metadata.name ?? '', 'Warning', 'long past'),
      ]) {
        expect((await plane.kubectl(['create', '-f', '-'], JSON.stringify(one))).stderr).toBe('')
      }
      const [line = ''] = shellBlocks('kubernetes.md').filter((block) => block.includes('go-template'))
      const { stdout, stderr } = await plane.shell(line, { programs: '/usr/bin', cwd: '/' })
      expect(stderr).toBe('')
      expect(stdout.split('\n').filter((text) => text.endsWith(' ready'))).toHaveLength(2)
      expect(stdout).toContain(`${first?.spec.nodeName} ${name} NOT READY since 2020-01-01T00:00:00Z\n`)
      expect(stdout).toContain(`2026-03-02T10:19:27Z Unhealthy: Readiness probe failed: not-ready\n${problem}`)
      expect(stdout).not.toMatch(/Pulled|long past/)
      await forgetServed(nodes)
    }, 240_000)

    it('by the commands of the page, one after the other', async () => {
      const programs = temporaryFolder({ natplan: `#!/bin/sh\nexec '${process.execPath}' '${commandFile}' "$@"\n` })
      chmodSync(join(programs, 'natplan'), 0o755)
      const cwd = temporaryFolder()
      writeFileSync(join(cwd, 'natplan.yaml'), readFileSync(planFile('acceptance')))
      for (const block of shellBlocks('kubernetes.md')) {
        // These ask a kubelet; documentation.test.ts and the tests of the agent look at them.
        if (/ logs | exec /.test(block)) continue
        // The last way off is for a plan that is gone: the routes are back first.
        if (block.includes('NATPLAN_MODE')) await applied(printed('acceptance'))
        const { status: ended, stderr } = await nodes.while(plane.shell(block, { programs, cwd }))
        expect({ block, ended, stderr }).toMatchObject({ block, ended: 0 })
      }
      await untilRunning({ a: 'cleanup', b: 'cleanup', c: 'cleanup' })
    }, 240_000)
  })
})

interface RunningPod {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> }
  readonly spec: {
    readonly nodeName?: string
    readonly containers: readonly { readonly env: readonly { readonly name: string; readonly value?: string }[] }[]
  }
}
