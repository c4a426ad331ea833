import type { Session } from '../platform.ts'

/** VyOS, EdgeOS and Vyatta Core: without `confirm` the device takes everything back after ten minutes, most of them by starting again. */
export const session: Session = {
  begin: ['configure'],
  apply: ['compare', 'commit-confirm 10'],
  keep: ['confirm', 'save', 'exit'],
}

/** The 5600 can look at the change as a whole first; commit-confirm is known to fail in its scripts, by hand it works. */
export const dataplaneSession: Session = { ...session, apply: ['compare', 'validate', 'commit-confirm 10'] }
