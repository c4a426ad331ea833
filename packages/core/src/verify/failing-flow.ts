import type { FlowClass } from '../trace/flow-classes.ts'
import type { IntendedFlow } from './intended-flows.ts'

/** Packets that go one way, and not the way that they should. */
export interface FailingFlow {
  readonly flow: IntendedFlow
  readonly found: FlowClass
  /** The group of nodes that was asked about, where it has a name. */
  readonly nodes: string | undefined
}
