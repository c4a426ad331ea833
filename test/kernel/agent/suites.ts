import { afterEach, beforeEach } from 'vitest'
import { requireKernel } from '../../support/require.ts'
import { NodeUnderTest } from './node-under-test.ts'
import { needed, type Toolbox } from './toolboxes.ts'

/** Runs a suite once for each toolbox; every test finds a new node. */
export function onNodes(
  name: string,
  toolboxes: readonly Toolbox[],
  tests: (node: () => NodeUnderTest, toolbox: Toolbox) => void,
): void {
  for (const toolbox of toolboxes) {
    requireKernel(...needed)(`${name}: ${toolbox.name}`, () => {
      let node: NodeUnderTest | undefined
      beforeEach(async () => {
        node = await NodeUnderTest.create(toolbox)
      })
      afterEach(async () => {
        await node?.remove()
        node = undefined
      })
      tests(() => {
        if (node === undefined) throw new Error('a node exists only while a test runs')
        return node
      }, toolbox)
    })
  }
}
