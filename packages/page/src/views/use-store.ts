import { useEffect, useState } from 'preact/hooks'
import type { State, Store } from '../store.ts'

/** The state of the store; what uses it is drawn anew when it changes. */
export function useStore(store: Store): State {
  const [state, setState] = useState(store.state)
  useEffect(() => store.subscribe(() => setState(store.state)), [store])
  return state
}
