import { groupedBy, shortName, siteLabel } from '@natplan/core'
import {
  corednsCustomText,
  type HostService,
  type HostServices,
  hostServicesText,
  isFreeNamespace,
  isServiceName,
} from '@natplan/templates'
import { type CalledEntry, isCalled } from '../address-book.ts'
import { corednsText } from './coredns.ts'
import { commented, type NamesOf } from './form.ts'

/** Manifests for the cluster of the site: pods call db.SITE.svc. */
export function servicesText(names: NamesOf): string {
  const { services, left } = servicesOf(names)
  const remarks = left.map((remark) => `# ${remark}`)
  return `${commented('#', names, remarks)}${services.length > 0 ? `---\n${hostServicesText(services)}` : ''}`
}

/** The ConfigMap with a server block that clusters read beside their own Corefile. */
export function corednsConfigMapText(names: NamesOf): string {
  const lines = [
    '# kubectl apply --server-side keeps what others have in it',
    ...corednsCustomText(names, corednsText(names)).trimEnd().split('\n'),
  ]
  return commented('#', { ...names, entries: [] }, lines)
}

interface Made {
  readonly services: readonly HostServices[]
  /** What has no Service, a line each. */
  readonly left: readonly string[]
}

function servicesOf({ plan, site, entries }: NamesOf): Made {
  const left: string[] = []
  const services = [...groupedBy(entries.filter(isCalled), ({ peer }) => peer)].flatMap(([peer, its]) => {
    const namespace = siteLabel(peer)
    if (!isFreeNamespace(namespace)) {
      left.push(`no Services for ${peer}: ${namespace} cannot be a namespace of their own`)
      return []
    }
    const domain = plan.network.sites.get(peer)?.domain
    const hosts = groupedBy(its, ({ host }) => shortName({ domain }, host).replaceAll('.', '-'))
    return [{ site, namespace, hosts: [...hosts].flatMap(([name, group]) => serviceOf(name, group, left)) }]
  })
  return { services: services.filter(({ hosts }) => hosts.length > 0), left }
}

function serviceOf(name: string, entries: readonly CalledEntry[], left: string[]): HostService[] {
  const hosts = [...new Set(entries.map(({ host }) => host.name))]
  const [first] = entries
  if (hosts.length > 1 || !isServiceName(name)) {
    const why = hosts.length > 1 ? `would both be ${name}` : 'is no name for one'
    left.push(`no Service for ${hosts.join(' and ')} of ${first?.peer}: ${hosts.length > 1 ? 'they' : name} ${why}`)
    return []
  }
  const addresses = entries.map(({ face: { address } }) => ({ family: address.family, text: String(address) }))
  return [{ name, addresses: [...new Map(addresses.map((one) => [one.text, one])).values()] }]
}
