import { useEffect } from 'preact/hooks'
import type { Store } from '../store.ts'
import { GivenPanel } from './given-panel.tsx'
import { Results } from './results.tsx'
import { useStore } from './use-store.ts'

export function App({ store }: { readonly store: Store }) {
  const state = useStore(store)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isField = event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLInputElement
      if (isField || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return
      event.preventDefault()
      if (event.shiftKey) store.redo()
      else store.undo()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [store])
  return (
    <>
      <header>
        <h1>natplan</h1>
        <p>
          Two networks with the same addresses, joined. Nothing leaves this page: it works offline and sends nothing
          anywhere.
        </p>
      </header>
      {state.fault !== undefined && (
        <p role="alert" class="error">
          This is a bug in natplan: {state.fault}
        </p>
      )}
      <main>
        <GivenPanel store={store} state={state} />
        <Results store={store} state={state} />
      </main>
    </>
  )
}
