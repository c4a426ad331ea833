import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ControlPlane } from '../kubernetes/control-plane.ts'
import { natplan, root } from '../support/command.ts'
import { requireCluster } from '../support/require.ts'

const book = join(root, 'test', 'names', 'book.yaml')

requireCluster()('names in a real API server', () => {
  let plane: ControlPlane
  beforeAll(async () => {
    plane = await ControlPlane.start()
  }, 180_000)
  afterAll(() => plane?.stop())

  it.each(['kubernetes', 'coredns-custom'])('are taken as %s', async (form) => {
    const text = natplan(['names', book, '--site', 'cloud', '--output', form]).stdout
    const applied = await plane.kubectl(['apply', '--server-side', '--validate=strict', '-f', '-'], text)
    expect(applied).toMatchObject({ status: 0 })
  })

  it('have the addresses that the cluster calls', async () => {
    const query = [
      'get',
      'endpointslice',
      'db-ipv4',
      '--namespace',
      'onpremise',
      '--output',
      'jsonpath={.endpoints[*].addresses[*]}',
    ]
    expect((await plane.kubectl(query)).stdout).toBe('192.168.1.20')
  })
})
