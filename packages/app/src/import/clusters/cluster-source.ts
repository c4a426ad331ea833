import { NatplanError } from '@natplan/core'
import { utf8 } from '../../prefixes/bytes.ts'
import type { Given, Imported, Source } from '../imported.ts'
import { mergedImports } from '../merge.ts'
import { siteNameOf } from '../said.ts'
import { ClusterFacts } from './cluster-facts.ts'
import { clusterSite } from './cluster-site.ts'
import { isManifests, manifestsOf, wholeText } from './manifests.ts'
import { isNodeRoutes, type NodeNetwork, nodeNetworks } from './node-networks.ts'
import { routedSite } from './routed-site.ts'

/** What `kubectl` says of a cluster, and the routes of its nodes. */
export const clusters: Source = {
  name: 'kubectl',
  about:
    'kubectl get nodes,pods -A -o json, ConfigMaps, pools of Calico and Cilium, ip route of nodes; az aks show, gcloud container clusters describe, aws eks describe-cluster in JSON',
  recognises: ({ text }) => isManifests(text) || isNodeRoutes(text),
  read: readClusters,
}

interface Cluster {
  readonly facts: ClusterFacts
  readonly routes: Given[]
}

async function readClusters(given: readonly Given[]): Promise<Imported> {
  const isOfObjects = (one: Given) => isManifests(utf8(one.text.head))
  const objects = given.filter(isOfObjects)
  const siteOf = ownersOf(objects)
  const read = new Map<string, Cluster>()
  for (const one of objects) {
    const { facts } = clusterOf(read, siteOf(one))
    for await (const manifest of manifestsOf(one.text)) facts.take(manifest)
  }
  for (const one of given.filter((text) => !isOfObjects(text))) {
    const site = siteOf(one)
    if (site === '' && !read.has(site)) {
      throw new NatplanError('USAGE', `${one.text.name} does not say of which site it is`, {
        hint: `write SITE=${one.text.name}, or give kubectl get nodes -o json of the cluster as well`,
      })
    }
    clusterOf(read, site).routes.push(one)
  }
  return mergedImports(await Promise.all([...read].map(([site, cluster]) => siteOfCluster(site, cluster))))
}

/** Of which site each text is: the only one that is named is meant where none is said; '' where nothing says one. */
function ownersOf(objects: readonly Given[]): (one: Given) => string {
  const named = new Set(objects.flatMap(({ site }) => site ?? []))
  const [only] = named
  return ({ site }) => site ?? (named.size === 1 ? only : undefined) ?? ''
}

function clusterOf(read: Map<string, Cluster>, site: string): Cluster {
  const known = read.get(site)
  if (known) return known
  const made = { facts: new ClusterFacts(), routes: [] }
  read.set(site, made)
  return made
}

async function siteOfCluster(site: string, { facts, routes }: Cluster): Promise<Imported> {
  const shown: NodeNetwork[] = []
  const findings = []
  for (const { text } of routes) {
    const read = nodeNetworks(text.name, await wholeText(text))
    shown.push(...read.networks)
    findings.push(...read.findings)
  }
  if (facts.isEmpty) {
    const imported = routedSite(site, shown)
    return { ...imported, findings: [...findings, ...imported.findings] }
  }
  const name = site === '' ? siteNameOf(facts.name?.value ?? 'cluster') : site
  const imported = clusterSite(name, facts, shown)
  return { ...imported, findings: [...findings, ...imported.findings] }
}
