import { useEffect, useState } from 'preact/hooks'
import type { State, Store } from '../store.ts'

/** The state of the store; what uses it is drawn anew when it changes. */
export function useStore(store: Store): State {
  const [state, setState] = useState(store.state)
  useEffect(() => {
    const show = () => setState(store.state)
    // Effects come after the first drawing, and the state may be another one by then.
    show()
    return store.subscribe(show)
  }, [store])
  return state
}
