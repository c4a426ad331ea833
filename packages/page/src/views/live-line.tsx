import type { State, Store } from '../store.ts'

/** Whether the plan file on this machine is followed, and why not. */
export function LiveLine({ store, state: { live, given } }: { readonly store: Store; readonly state: State }) {
  if (!live) return null
  const { name, shown, text, problem } = live
  const isFollowed = shown !== undefined && given.plan === shown
  return (
    <p class="live" role="status">
      {problem !== undefined && (
        <strong>
          Not known what {name} holds now: {problem}.{' '}
        </strong>
      )}
      {isFollowed ? (
        <>
          What changes in {name} shows here; nothing is written to it. Its lock is not read: open it below, as{' '}
          <em>Its lock</em>.
        </>
      ) : (
        <>
          {name} is not followed: something else is here now.{' '}
          {text !== undefined && (
            <button type="button" onClick={() => store.followAgain()}>
              Follow {name} again
            </button>
          )}
        </>
      )}
    </p>
  )
}
