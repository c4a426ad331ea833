import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DaemonSet } from 'kubernetes-models/apps/v1'
import { ConfigMap, Namespace, ResourceQuota, ServiceAccount } from 'kubernetes-models/v1'
import { describe, expect, it } from 'vitest'
import { natplan, root } from '../support/command.ts'
import { expectGolden } from '../support/golden.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { clusterExamples, planFile, printed, readAll } from './examples.ts'
import { lint, type Manifest } from './lint.ts'

const script = readFileSync(join(root, 'packages/templates/src/kubernetes/agent/route-agent.sh'), 'utf8')

/** A text with the script and its digest left out: they change on their own, and others tests compare them. */
function withoutScript(text: string): string {
  const block = script.replaceAll(/^(?=.)/gm, '    ')
  const digest = createHash('sha256').update(script).digest('hex').slice(0, 12)
  return text
    .replaceAll(block, '    (route-agent.sh)\n')
    .replaceAll(new RegExp(`${digest}[0-9a-f]{52}`, 'g'), '(sha256)')
    .replaceAll(digest, '(version)')
}

const models = { DaemonSet, ConfigMap, Namespace, ResourceQuota, ServiceAccount }

function validate(object: Manifest): void {
  const Model = models[object.kind as keyof typeof models] as new (data: object) => { validate(): void }
  new Model(object).validate()
}

describe.each(clusterExamples)('the manifests of %s', (example) => {
  const text = printed(example)
  const objects = readAll(text)

  it('are what is recorded', () => {
    expect(text).toContain(script.split('\n')[1])
    expectGolden(join(root, 'test', 'golden', 'kubernetes', example), {
      'kubernetes.yaml': withoutScript(text),
      'remove.diff': difference(text, printed(example, '--remove')),
    })
  })

  it('are the same each time', () => {
    expect(printed(example)).toBe(text)
  })

  it('are read alike by readers of YAML 1.1 and 1.2', () => {
    expect(readAll(text, '1.1')).toEqual(objects)
  })

  it('pass the validators made from the schemas of Kubernetes', () => {
    for (const object of objects) expect(() => validate(object)).not.toThrow()
  })

  it('pass the checks that the schemas leave out', () => {
    expect(lint(objects)).toEqual([])
  })

  it('hold the script byte by byte', () => {
    const [holder] = objects.filter(({ data }) => data?.['route-agent.sh'] !== undefined)
    expect(holder?.data).toEqual({ 'route-agent.sh': script })
    expect(holder).toMatchObject({ immutable: true })
  })

  it('name the script after its content, so that a pod keeps its own until the rollout replaces it', () => {
    const name = `route-agent-${createHash('sha256').update(script).digest('hex').slice(0, 12)}`
    const [holder] = objects.filter(({ data }) => data?.['route-agent.sh'] !== undefined)
    expect(holder?.metadata.name).toBe(name)
    for (const { spec } of objects.filter(({ kind }) => kind === 'DaemonSet')) {
      const volume = spec?.template.spec.volumes.find((one) => one.name === 'agent')
      expect(volume?.configMap?.name).toBe(name)
    }
  })
})

/** The lines that differ, with a mark for each side; both texts have as many lines. */
function difference(before: string, after: string): string {
  const old = before.split('\n')
  const now = after.split('\n')
  expect(now).toHaveLength(old.length)
  return old.flatMap((line, index) => (line === now[index] ? [] : [`-${line}\n+${now[index]}\n`])).join('')
}

describe('the checks themselves', () => {
  const broken = (change: (text: string) => string) => lint(readAll(change(printed('acceptance'))))
  it.each<[string, RegExp, string, string]>([
    [
      'an unknown field',
      /hostNetwork: true/,
      'hostNetwork: true\n      hostNetworks: true',
      'DaemonSet: unknown field .spec.template.spec.hostNetworks',
    ],
    ['a name with a capital', /name: "static-routes"$/m, 'name: "Static"', 'Namespace: name Static'],
    [
      'a selector of its own',
      /matchLabels:\n/,
      'matchLabels:\n      extra: x\n',
      'selector extra is not a label of the pods',
    ],
    [
      'a volume that nobody mounts',
      /mountPath: "\/run\/natplan"/,
      'mountPath: /run/natplan\n            - { name: more, mountPath: /more }',
      'volumes and mounts',
    ],
    ['one more capability', /- "NET_ADMIN"/, '- NET_ADMIN\n                - NET_RAW', 'capabilities'],
    ['an image without a version', /alpine:3[^"]*/, 'alpine', 'image docker.io/library/alpine'],
    ['the newest image', /alpine:3[^"]*/, 'alpine:latest', 'image docker.io/library/alpine:latest'],
    ['half a digest', /alpine:3[^"]*/, 'alpine@sha256:12', 'image docker.io/library/alpine@sha256:12'],
    ['a ConfigMap of a megabyte', /routes: \|\n/, `routes: |\n    ${'x'.repeat(1024 * 1024)}\n`, 'ConfigMap: 1048'],
    ['a number for a variable', /value: "20"/, 'value: 20', 'NATPLAN_INTERVAL is not a text'],
    [
      'a missing list',
      /name: "static-routes"\n {12}defaultMode/,
      'name: other\n            defaultMode',
      'no ConfigMap other',
    ],
  ])('find %s', (_, pattern, replacement, fault) => {
    expect(broken((text) => text.replace(pattern, replacement)).join('\n')).toContain(fault)
  })

  it('and the validators find a wrong type', () => {
    const [daemonSet] = readAll(printed('acceptance').replace('minReadySeconds: 20', 'minReadySeconds: soon')).slice(-1)
    expect(() => validate(daemonSet as Manifest)).toThrow()
  })
})

describe('a change', () => {
  const template = (text: string) => readAll(text).at(-1)?.spec?.template
  const plan = (peer: string, more = '') =>
    natplan(['kubernetes', '-'], {
      input: `version: 1
pools: [192.168.0.0/16]
sites:
  cloud: { subnets: [10.0.1.0/27], kubernetes: { podSubnets: [172.30.0.0/16]${more} } }
  onpremise: { subnets: [${peer}] }
`,
    }).stdout

  it('of the routes leaves the pods alone', () => {
    const [before, after] = [plan('10.0.1.0/24'), plan('10.0.1.0/24, 172.20.0.0/16')]
    expect(after).not.toBe(before)
    expect(template(after)).toEqual(template(before))
  })

  it('of a setting replaces them', () => {
    expect(template(plan('10.0.1.0/24', ', interval: 30'))).not.toEqual(template(plan('10.0.1.0/24')))
  })

  it('of the version is seen in the pods alone, which is what a rollback brings back', () => {
    const version = 'app.kubernetes.io/version'
    const [daemonSet] = readAll(plan('10.0.1.0/24')).slice(-1)
    expect(daemonSet?.metadata.labels).not.toHaveProperty(version)
    expect(daemonSet?.spec?.selector.matchLabels).not.toHaveProperty(version)
    expect(daemonSet?.spec?.template.metadata.labels).toHaveProperty([version])
  })

  it('of the script leaves the old one where Argo CD and Flux deliver the manifests, and of nothing else', () => {
    const kept = readAll(plan('10.0.1.0/24')).filter(({ metadata }) =>
      Object.keys(metadata.annotations).some((name) => name.includes('argocd') || name.includes('flux')),
    )
    expect(kept.map(({ kind, metadata }) => `${kind}/${metadata.name.slice(0, 12)}`)).toEqual([
      'ConfigMap/route-agent-',
    ])
    expect(kept[0]?.metadata.annotations).toMatchObject({
      'argocd.argoproj.io/sync-options': 'Prune=false',
      'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
      'kustomize.toolkit.fluxcd.io/prune': 'disabled',
    })
  })

  it.each<[string, readonly string[], string | number]>([
    ['', [], '10%'],
    [', maxUnavailable: 3', [], 3],
    [', maxUnavailable: 50%', [], '50%'],
    [', maxUnavailable: 3', ['--remove'], '100%'],
  ])('of all nodes goes by steps%s %j', (more, options, expected) => {
    const input = `version: 1\nsites: { a: { subnets: [10.0.0.0/24], kubernetes: { interval: 20${more} } } }\n`
    const [daemonSet] = readAll(natplan(['kubernetes', '-', ...options], { input }).stdout).slice(-1)
    expect(daemonSet?.spec?.updateStrategy.rollingUpdate).toEqual({ maxUnavailable: expected, maxSurge: 0 })
  })

  it.each([
    [5, 10],
    [20, 20],
    [600, 60],
  ])('every %i seconds is asked for every %i seconds', (interval, period) => {
    const [daemonSet] = readAll(plan('10.0.1.0/24', `, interval: ${interval}`)).slice(-1)
    const [container] = daemonSet?.spec?.template.spec.containers ?? []
    expect(container?.readinessProbe.periodSeconds).toBe(period)
  })

  it('never touches the selector', () => {
    const selector = (text: string) => readAll(text).at(-1)?.spec?.selector
    const settings = ', interval: 30, namespace: other, image: "busybox:1.37.0", nodeSelector: { pool: a }'
    expect(selector(plan('10.0.1.0/24', settings))).toEqual(selector(plan('10.0.1.0/24')))
  })
})

describe('the namespace', () => {
  const kinds = (namespace: string, priority = '') => {
    const input = `version: 1\nsites:\n  a: { subnets: [10.0.0.0/24], kubernetes: { namespace: ${namespace}${priority} } }\n`
    return readAll(natplan(['kubernetes', '-'], { input }).stdout).map(({ kind }) => kind)
  }
  const critical = ', priorityClassName: system-node-critical'
  it.each([
    ['static-routes', '', ['Namespace', 'ServiceAccount', 'ConfigMap', 'ConfigMap', 'DaemonSet'], 'its own'],
    ['kube-system', '', ['ServiceAccount', 'ConfigMap', 'ConfigMap', 'DaemonSet'], 'it belongs to the cluster'],
    ['default', '', ['ServiceAccount', 'ConfigMap', 'ConfigMap', 'DaemonSet'], 'it belongs to the cluster'],
    ['x', critical, ['Namespace', 'ServiceAccount', 'ResourceQuota', 'ConfigMap', 'ConfigMap', 'DaemonSet'], 'a quota'],
    ['kube-system', critical, ['ServiceAccount', 'ConfigMap', 'ConfigMap', 'DaemonSet'], 'needs no quota there'],
    [
      'x',
      ', priorityClassName: mine',
      ['Namespace', 'ServiceAccount', 'ConfigMap', 'ConfigMap', 'DaemonSet'],
      'no quota',
    ],
  ])('%s%s gives %j: %s', (namespace, priority, expected) => {
    expect(kinds(namespace, priority)).toEqual(expected)
  })
})

describe('natplan kubernetes', () => {
  it('prints one site or all, and says which there are', () => {
    expect(natplan(['kubernetes', planFile('acceptance'), '--site', 'clod'])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('did you mean cloud?'),
    })
    expect(printed('acceptance', '--site', 'cloud')).toBe(printed('acceptance'))
    expect(natplan(['kubernetes', planFile('hub-and-spokes')])).toMatchObject({ status: 2, stdout: '' })
  })

  it('prints nothing when a route would cut nodes off', () => {
    const input = `version: 1
sites:
  a: { subnets: [10.0.1.0/24], kubernetes: { privateNetwork: 10.20.0.0/16 } }
  b: { subnets: [10.16.0.0/12] }
`
    const { status, stdout, stderr } = natplan(['kubernetes', '-'], { input })
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toContain('NODE_ROUTE_UNSAFE')
  })

  it('is part of what generate writes, and of its guide', () => {
    const folder = temporaryFolder({ 'natplan.yaml': readFileSync(planFile('acceptance'), 'utf8') })
    const env = { NATPLAN_PSK: 'An-example-key-of-32-characters_' }
    const { status, stderr } = natplan(['generate', '-o', 'out'], { cwd: folder, env })
    expect(stderr).not.toContain('error')
    expect(status).toBe(0)
    expect(readFileSync(join(folder, 'out/cloud/kubernetes.yaml'), 'utf8')).toBe(printed('acceptance'))
    const guide = readFileSync(join(folder, 'out/README.md'), 'utf8')
    expectGolden(join(root, 'test', 'golden', 'kubernetes', 'guide'), { 'README.md': guide })
  })
})
