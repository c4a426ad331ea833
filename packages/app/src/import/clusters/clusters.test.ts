import { describe, expect, it } from 'vitest'
import { importTexts } from '../../../../../test/support/import-texts.ts'

/** What `kubectl get -o json` prints of several objects. */
function list(...items: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'v1', items, kind: 'List', metadata: {} }, undefined, 1)
}

function node(name: string, address: string, more: { labels?: object; podCIDR?: string } = {}) {
  const { labels = {}, podCIDR } = more
  return {
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec: podCIDR === undefined ? {} : { podCIDR },
    status: {
      addresses: [
        { type: 'ExternalIP', address: '203.0.113.9' },
        { type: 'InternalIP', address },
      ],
    },
  }
}

function pod(name: string, address: string, more: { hostNetwork?: boolean; phase?: string; command?: string[] } = {}) {
  const { hostNetwork, phase = 'Running', command = [] } = more
  return {
    kind: 'Pod',
    metadata: { name },
    spec: { hostNetwork, containers: [{ command }] },
    status: { phase, podIP: address },
  }
}

function configMap(name: string, data: object) {
  return { kind: 'ConfigMap', metadata: { name }, data }
}

const routes = `default via 203.0.113.1 dev eth0
10.0.0.0/8 via 10.1.2.1 dev eth1
10.1.2.0/26 dev eth1 proto kernel scope link src 10.1.2.10
10.244.0.0/24 dev cni0 proto kernel scope link src 10.244.0.1
192.168.1.0/24 via 10.1.2.1 dev eth1
203.0.113.0/24 dev eth0 proto kernel scope link src 203.0.113.9
`

const siteOf = async (texts: Record<string, string>, name = 'cloud') => (await importTexts(texts)).network.sites[name]

describe('nodes', () => {
  it('do not say how large their subnets are, and the routes of one do', async () => {
    const nodes = list(node('a', '10.1.2.10'), node('b', '10.1.2.11'))
    const alone = await importTexts({ 'cloud=nodes.json': nodes })
    expect(alone.network.sites['cloud']?.subnets).toEqual([])
    expect(alone.said).toEqual([
      expect.stringMatching(/^nodes\.json:4 IMPORT_INCOMPLETE cloud: the subnets of 2 nodes/),
    ])
    const routed = await importTexts({ 'cloud=nodes.json': nodes, 'route.txt': routes })
    expect(routed.network.sites['cloud']).toEqual({
      subnets: ['10.1.2.0/26'],
      kubernetes: { privateNetwork: '10.0.0.0/8' },
      hosts: { a: '10.1.2.10', b: '10.1.2.11' },
    })
    expect(routed.said).toEqual([])
  })

  it.each([
    [
      'AKS',
      {
        name: 'prod',
        kind: 'Base',
        networkProfile: {
          networkPlugin: 'azure',
          podCidr: '10.244.0.0/16',
          podCidrs: ['10.244.0.0/16'],
          serviceCidr: '10.96.0.0/16',
        },
        servicePrincipalProfile: { secret: 'EXAMPLE-ONLY-SECRET' },
      },
      ['10.244.0.0/16'],
    ],
    [
      'GKE',
      [
        {
          name: 'prod',
          clusterIpv4Cidr: '10.244.0.0/16',
          nodePools: [{ networkConfig: { podIpv4CidrBlock: '10.9.0.0/16' } }],
          servicesIpv4Cidr: '10.96.0.0/16',
          masterAuth: { clientKey: 'EXAMPLE-ONLY-SECRET' },
        },
      ],
      ['10.9.0.0/16', '10.244.0.0/16'],
    ],
    [
      'EKS',
      { cluster: { name: 'prod', kubernetesNetworkConfig: { serviceIpv4Cidr: '10.96.0.0/16', ipFamily: 'ipv4' } } },
      undefined,
    ],
  ])('have ranges that %s tells', async (_, answer, pods) => {
    const texts = { 'nodes.json': list(node('a', '10.1.2.10')), 'cluster.json': JSON.stringify(answer, null, 2) }
    const { network, text, said } = await importTexts({ ...texts, 'route.txt': routes })
    expect(network.sites['prod']?.subnets).toEqual(['10.1.2.0/26'])
    expect(network.sites['prod']?.kubernetes?.serviceSubnets).toEqual(['10.96.0.0/16'])
    expect(network.sites['prod']?.kubernetes?.podSubnets?.toSorted()).toEqual(pods?.toSorted())
    expect(`${text}${said}`).not.toContain('EXAMPLE-ONLY')
  })

  it('in a further subnet are told', async () => {
    const nodes = list(node('a', '10.1.2.10'), node('b', '10.1.2.64'))
    const { said } = await importTexts({ 'cloud=nodes.json': nodes, 'route.txt': routes })
    expect(said).toEqual([expect.stringContaining('the subnets of 1 node are not known: an address such as 10.1.2.64')])
  })

  it.each([
    ['text', routes],
    [
      'JSON',
      JSON.stringify([
        { dst: 'default', gateway: '203.0.113.1', dev: 'eth0', flags: [] },
        { dst: '10.0.0.0/8', gateway: '10.1.2.1', dev: 'eth1', flags: [] },
        { dst: '10.1.2.0/26', dev: 'eth1', protocol: 'kernel', scope: 'link', prefsrc: '10.1.2.10', flags: [] },
      ]),
    ],
  ])('without objects give the networks that they are in (%s)', async (_, text) => {
    expect(await siteOf({ 'cloud=route.txt': text })).toEqual({ subnets: ['10.1.2.0/26'] })
  })

  it('whose routes are of no site are refused, unless of the only cluster', async () => {
    await expect(importTexts({ 'route.txt': routes })).rejects.toMatchObject({ code: 'USAGE' })
    expect(await siteOf({ 'nodes.json': list(node('a', '10.1.2.10')), 'route.txt': routes }, 'cluster')).toMatchObject({
      subnets: ['10.1.2.0/26'],
    })
  })

  it('have the next hop of the list of routes where no wider route names the gateway', async () => {
    const texts = {
      'cloud=x.json': list(node('a', '10.1.2.10'), configMap('static-routes', { routes: '["192.168.1.0/24"]' })),
      'route.txt': routes.replace(/^10\.0\.0\.0.*\n/m, ''),
    }
    expect(await siteOf(texts)).toMatchObject({ kubernetes: { gateway: '10.1.2.1' } })
    const without = { ...texts, 'cloud=x.json': list(node('a', '10.1.2.10')) }
    expect((await importTexts(without)).said).toContainEqual(
      expect.stringContaining('no route of the nodes says which router leads to the private networks'),
    )
  })
})

describe('node pools', () => {
  const east = { 'topology.kubernetes.io/zone': 'east', team: 'x' }
  const west = { 'topology.kubernetes.io/zone': 'west', team: 'x' }
  const two = (privateNetwork: string) => `== a ==
${routes}== b ==
default via 203.0.113.1 dev eth0
${privateNetwork} via 10.1.3.1 dev eth1
10.1.3.0/24 dev eth1 proto kernel scope link src 10.1.3.10
`

  it('are by the label that tells nodes with different private networks apart', async () => {
    const nodes = list(node('a', '10.1.2.10', { labels: east }), node('b', '10.1.3.10', { labels: west }))
    expect(await siteOf({ 'cloud=n.json': nodes, 'r.txt': two('10.1.0.0/16') })).toMatchObject({
      kubernetes: {
        nodePools: [
          { name: 'east', privateNetwork: '10.0.0.0/8', nodeSelector: { 'topology.kubernetes.io/zone': 'east' } },
          { name: 'west', privateNetwork: '10.1.0.0/16', nodeSelector: { 'topology.kubernetes.io/zone': 'west' } },
        ],
      },
    })
  })

  it('are none where each node takes its own gateway from the same route', async () => {
    const nodes = list(node('a', '10.1.2.10', { labels: east }), node('b', '10.1.3.10', { labels: west }))
    expect((await siteOf({ 'cloud=n.json': nodes, 'r.txt': two('10.0.0.0/8') }))?.kubernetes).toEqual({
      privateNetwork: '10.0.0.0/8',
    })
  })

  it('are not guessed where no label tells, or a node is in neither', async () => {
    const same = list(node('a', '10.1.2.10', { labels: east }), node('b', '10.1.3.10', { labels: east }))
    const third = list(
      node('a', '10.1.2.10', { labels: east }),
      node('b', '10.1.3.10', { labels: west }),
      node('c', '10.1.4.10', { labels: west }),
    )
    for (const nodes of [same, third]) {
      const { network, said } = await importTexts({ 'cloud=n.json': nodes, 'r.txt': two('10.1.0.0/16') })
      expect(network.sites['cloud']?.kubernetes).toEqual({})
      expect(said).toContainEqual(expect.stringContaining('which node by which is not known'))
    }
  })
})

describe('ranges of pods and services', () => {
  const controller = {
    command: ['kube-controller-manager', '--cluster-cidr=10.244.0.0/16', '--service-cluster-ip-range', '10.96.0.0/12'],
  }

  it.each<[string, object, { podSubnets?: string[]; serviceSubnets?: string[] }]>([
    [
      'flags of its pods',
      pod('kcm', '10.1.2.5', { ...controller, hostNetwork: true }),
      { podSubnets: ['10.244.0.0/16'], serviceSubnets: ['10.96.0.0/12'] },
    ],
    ['a pool of Calico', { kind: 'IPPool', spec: { cidr: '172.20.0.0/16' } }, { podSubnets: ['172.20.0.0/16'] }],
    [
      'a pool of Cilium',
      { kind: 'CiliumPodIPPool', spec: { ipv4: { cidrs: ['10.20.0.0/16'], maskSize: 24 } } },
      { podSubnets: ['10.20.0.0/16'] },
    ],
    [
      'a ClusterCIDR',
      { kind: 'ClusterCIDR', spec: { ipv4: '10.30.0.0/16', ipv6: 'fd00::/48' } },
      { podSubnets: ['10.30.0.0/16', 'fd00::/48'] },
    ],
    ['a ServiceCIDR', { kind: 'ServiceCIDR', spec: { cidrs: ['10.96.0.0/16'] } }, { serviceSubnets: ['10.96.0.0/16'] }],
    [
      'OpenShift',
      {
        kind: 'Network',
        spec: { clusterNetwork: [{ cidr: '10.128.0.0/14', hostPrefix: 23 }], serviceNetwork: ['172.30.0.0/16'] },
      },
      { podSubnets: ['10.128.0.0/14'], serviceSubnets: ['172.30.0.0/16'] },
    ],
    [
      'flannel',
      configMap('kube-flannel-cfg', { 'net-conf.json': '{"Network":"10.245.0.0/16"}' }),
      { podSubnets: ['10.245.0.0/16'] },
    ],
    [
      'kube-proxy',
      configMap('kube-proxy', { 'config.conf': 'apiVersion: x\nclusterCIDR: 10.246.0.0/16\n' }),
      { podSubnets: ['10.246.0.0/16'] },
    ],
    ['kube-proxy without one', configMap('kube-proxy', { 'config.conf': 'clusterCIDR: ""\n' }), {}],
    [
      'Cilium with a pool of its own',
      configMap('cilium-config', { ipam: 'cluster-pool', 'cluster-pool-ipv4-cidr': '10.0.0.0/8' }),
      { podSubnets: ['10.0.0.0/8'] },
    ],
    [
      'Cilium that does not use its pool',
      configMap('cilium-config', { ipam: 'kubernetes', 'cluster-pool-ipv4-cidr': '10.0.0.0/8' }),
      {},
    ],
    [
      'k3s',
      {
        kind: 'Node',
        metadata: {
          name: 'a',
          annotations: { 'k3s.io/node-args': '["server","--cluster-cidr","10.42.0.0/16","--token","********"]' },
        },
      },
      { podSubnets: ['10.42.0.0/16'] },
    ],
  ])('are read of %s', async (_, object, wanted) => {
    const { network, said } = await importTexts({ 'cloud=x.json': list(object) })
    expect(network.sites['cloud']?.kubernetes).toEqual(wanted)
    expect(said).toEqual([])
  })

  it('of nodes stand for those of all pods only until the range is named', async () => {
    const nodes = [
      node('a', '10.1.2.10', { podCIDR: '10.244.0.0/24' }),
      node('b', '10.1.2.11', { podCIDR: '10.244.1.0/24' }),
    ]
    const alone = await importTexts({ 'cloud=n.json': list(...nodes), 'r.txt': routes })
    expect(alone.network.sites['cloud']?.kubernetes?.podSubnets).toEqual(['10.244.0.0/24', '10.244.1.0/24'])
    expect(alone.said).toEqual([expect.stringContaining('further nodes get further ones')])
    const named = await importTexts({
      'cloud=n.json': list(...nodes, pod('kcm', '10.1.2.5', controller)),
      'r.txt': routes,
    })
    expect(named.network.sites['cloud']?.kubernetes?.podSubnets).toEqual(['10.244.0.0/16'])
    expect(named.said).toEqual([])
  })

  it.each<[string, object, string | undefined]>([
    [
      'a pod in no range',
      pod('x', '10.99.0.7'),
      'pods have addresses in no range that is named, such as 10.99.0.7 of pod x',
    ],
    ['a pod in the range', pod('x', '10.244.9.7'), undefined],
    ['a pod with an address of the nodes (VPC CNI)', pod('x', '10.1.2.40'), undefined],
    ['a pod of the host network', pod('x', '10.99.0.7', { hostNetwork: true }), undefined],
    ['a pod that ended', pod('x', '10.99.0.7', { phase: 'Succeeded' }), undefined],
    [
      'a service in no range',
      { kind: 'Service', metadata: { name: 's' }, spec: { clusterIP: '10.10.0.1' } },
      'services have addresses in no range',
    ],
    [
      'a service in the range',
      { kind: 'Service', metadata: { name: 's' }, spec: { clusterIP: '10.96.0.1' } },
      undefined,
    ],
    [
      'a service without an address',
      { kind: 'Service', metadata: { name: 's' }, spec: { clusterIP: 'None' } },
      undefined,
    ],
  ])('are held against %s', async (_, object, wanted) => {
    const objects = list(node('a', '10.1.2.10'), pod('kcm', '10.1.2.5', { ...controller, hostNetwork: true }), object)
    const { said } = await importTexts({ 'cloud=x.json': objects, 'r.txt': routes })
    expect(said).toEqual(wanted === undefined ? [] : [expect.stringContaining(wanted)])
  })
})

describe('the name of the site', () => {
  const kubeadm = (name: string) =>
    `apiVersion: v1\nkind: ConfigMap\ndata:\n  ClusterConfiguration: |\n    clusterName: ${name}\n    networking:\n      podSubnet: 10.244.0.0/16\n`

  it.each([
    ['of kubeadm', kubeadm('berlin.example'), 'berlin-example'],
    ['that every cluster has is none', kubeadm('kubernetes'), 'cluster'],
    ['of a label', list(node('a', '10.1.2.10', { labels: { 'alpha.eksctl.io/cluster-name': 'prod' } })), 'prod'],
  ])('%s', async (_, text, name) => {
    expect(Object.keys((await importTexts({ 'x.yaml': text })).network.sites)).toEqual([name])
  })

  it('is what was said, also for further texts without one; two clusters stay two', async () => {
    const texts = { 'cloud=n.json': list(node('a', '10.1.2.10')), 'k.yaml': kubeadm('berlin') }
    expect(Object.keys((await importTexts(texts)).network.sites)).toEqual(['cloud'])
    expect(Object.keys((await importTexts({ ...texts, 'edge=k2.yaml': kubeadm('x') })).network.sites)).toEqual([
      'cloud',
      'berlin',
      'edge',
    ])
  })
})

describe('routes made by hand', () => {
  const map = list(configMap('static-routes', { routes: '["192.168.1.0/24","172.16.9.7"]' }))

  it('are what the peers are called when nothing else is given', async () => {
    const { network, said, reasons } = await importTexts({ 'cloud=x.json': map })
    expect(network.sites['peers']).toEqual({ subnets: ['192.168.1.0/24', '172.16.9.7/32'] })
    expect(reasons).toContainEqual(expect.objectContaining({ path: ['sites', 'peers', 'subnets', 0], line: 4 }))
    expect(said).toEqual([expect.stringContaining('which peers of cloud have')])
  })

  it('are told where no other site is called by them', async () => {
    const { said } = await importTexts({ 'cloud=x.json': map, 'office=list': '192.168.0.0/16\n' })
    expect(said).toEqual([
      'x.json:4 IMPORT_ROUTES_LOST cloud: 1 route of nodes leads to a prefix by which no other site is known: 172.16.9.7/32',
    ])
    const all = await importTexts({ 'cloud=x.json': map, 'office=list': '192.168.0.0/16\n172.16.0.0/12\n' })
    expect(all.said).toEqual([])
  })

  it('are read of the script of a DaemonSet too', async () => {
    const script = 'while :; do ip route replace 192.168.7.0/24 via $gw; ip route add "$other" via $gw; sleep 9; done'
    const set = {
      kind: 'DaemonSet',
      metadata: { name: 'r' },
      spec: { template: { spec: { containers: [{ args: ['-c', script] }] } } },
    }
    expect(await siteOf({ 'cloud=x.json': list(set) }, 'peers')).toEqual({ subnets: ['192.168.7.0/24'] })
  })

  it('are not taken of lists of something else', async () => {
    const other = list(
      configMap('allowed', { cidrs: '["192.168.1.0/24"]' }),
      configMap('routes', { routes: '["/a", "/b"]' }),
    )
    const { network, said } = await importTexts({ 'cloud=x.json': other })
    expect(Object.keys(network.sites)).toEqual(['cloud'])
    expect(said).toEqual([])
  })
})

describe('YAML', () => {
  it('of several documents has the lines of each', async () => {
    const text = `---\napiVersion: v1\nkind: Secret\ndata: { a: QUJD }\n---\n\napiVersion: v1\nkind: ServiceCIDR\nspec: { cidrs: [10.96.0.0/16] }\n`
    const { network, reasons } = await importTexts({ 'cloud=x.yaml': text })
    expect(network.sites['cloud']?.kubernetes).toEqual({ serviceSubnets: ['10.96.0.0/16'] })
    expect(reasons).toEqual([expect.objectContaining({ line: 7 })])
  })

  it('that is broken is refused with its line', async () => {
    const text = 'apiVersion: v1\nkind: List\n---\na: [\n'
    await expect(importTexts({ 'cloud=x.yaml': text })).rejects.toMatchObject({
      code: 'YAML_SYNTAX',
      message: expect.stringMatching(/^x\.yaml:[45]: /),
    })
  })
})
