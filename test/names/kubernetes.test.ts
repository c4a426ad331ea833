import { join } from 'node:path'
import { EndpointSlice } from 'kubernetes-models/discovery.k8s.io/v1'
import { ConfigMap, Namespace, Service } from 'kubernetes-models/v1'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { natplan, root } from '../support/command.ts'

const book = join(root, 'test', 'names', 'book.yaml')

interface Manifest {
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels: Readonly<Record<string, string>>
  }
  readonly addressType?: string
  readonly endpoints?: readonly { readonly addresses: readonly string[] }[]
  readonly data?: Readonly<Record<string, string>>
}

function objectsOf(text: string, version: '1.1' | '1.2' = '1.2'): readonly Manifest[] {
  return parseAllDocuments(text, { version }).flatMap((document) => document.toJS() ?? [])
}

const models = { ConfigMap, EndpointSlice, Namespace, Service }

function validate(object: Manifest): void {
  const Model = models[object.kind as keyof typeof models] as new (data: object) => { validate(): void }
  new Model(object).validate()
}

function printed(form: string, plan = book, input?: string): string {
  const { stdout, stderr } = natplan(
    ['names', plan, '--site', 'cloud', '--output', form],
    input === undefined ? {} : { input },
  )
  if (stdout === '') throw new Error(stderr)
  return stdout
}

describe('hosts as Services', () => {
  const text = printed('kubernetes')
  const objects = objectsOf(text)
  const slices = objects.filter(({ kind }) => kind === 'EndpointSlice')

  it('pass the validators made from the schemas of Kubernetes', () => {
    for (const object of objects) expect(() => validate(object)).not.toThrow()
    expect(() => validate({ ...objects[1], spec: { clusterIP: 5 } } as unknown as Manifest)).toThrow()
  })

  it('are read alike by readers of YAML 1.1 and 1.2', () => {
    expect(objectsOf(text, '1.1')).toEqual(objects)
  })

  it('have names and namespaces that a cluster takes', () => {
    for (const { kind, metadata } of objects) {
      expect(metadata.name).toMatch(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/)
      if (kind !== 'Namespace') expect(metadata.namespace).toMatch(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/)
    }
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace} ${metadata.name}`)
    expect(new Set(names).size).toBe(names.length)
  })

  it('lead to what the cluster calls them, one slice for each IP version', () => {
    const called = slices.map(({ metadata, addressType, endpoints = [] }) => [
      `${metadata.labels['kubernetes.io/service-name']}.${metadata.namespace}`,
      addressType,
      endpoints.flatMap(({ addresses }) => addresses),
    ])
    expect(called).toContainEqual(['db.onpremise', 'IPv4', ['192.168.1.20']])
    expect(called).toContainEqual(['www.onpremise', 'IPv4', ['192.168.1.21', '192.168.1.22']])
    expect(called).toContainEqual(['v6.onpremise', 'IPv6', ['fd00:2::20']])
    expect(called).toContainEqual(['mail-other-example.onpremise', 'IPv4', ['192.168.1.25']])
    expect(text).not.toContain('10.0.1.')
  })

  it('never stand for what a cluster has itself', () => {
    const plan = `version: 1
sites:
  cloud: { subnets: [10.0.0.0/24] }
  default: { subnets: [10.1.0.0/24], hosts: { kubernetes: 10.1.0.5 } }
  kube-system: { subnets: [10.2.0.0/24], hosts: { kube-dns: 10.2.0.5 } }
  far: { subnets: [10.3.0.0/24], hosts: { 9lives: 10.3.0.5, a-b: 10.3.0.6, a.b: 10.3.0.7, db: 10.3.0.8 } }
`
    const only = printed('kubernetes', '-', plan)
    expect(objectsOf(only).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'Namespace far',
      'Service db',
      'EndpointSlice db-ipv4',
    ])
    expect(only).toContain('# no Services for default: default cannot be a namespace of their own')
    expect(only).toContain('# no Service for a-b and a.b of far: they would both be a-b')
    expect(only).toContain('# no Service for 9lives of far: 9lives is no name for one')
  })
})

describe('the ConfigMap coredns-custom', () => {
  it('holds the server block of --output coredns', () => {
    const [map, ...others] = objectsOf(printed('coredns-custom'))
    expect(others).toEqual([])
    expect(() => validate(map as Manifest)).not.toThrow()
    expect(map?.data).toEqual({ 'natplan.server': printed('coredns') })
  })
})
