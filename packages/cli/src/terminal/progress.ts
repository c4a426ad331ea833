import { forPeople } from '@natplan/app'
import { standardError } from './terminal.ts'

/** Work that is done within this time, in milliseconds, shows nothing. */
const patience = 1000
const interval = 200

/** A line on standard error that says how far the work is; shown on a terminal only. */
export interface Progress {
  /** The text is made only when it is shown. */
  show(text: () => string): void
  /** Takes the line away. */
  end(): void
}

export function startProgress(): Progress {
  if (!standardError.isTerminal) return { show: () => undefined, end: () => undefined }
  let next = performance.now() + patience
  let isShown = false
  return {
    show: (text) => {
      if (performance.now() < next) return
      next = performance.now() + interval
      isShown = true
      process.stderr.write(`\r\u001b[K${forPeople(text()).slice(0, standardError.width - 1)}`)
    },
    end: () => {
      if (isShown) process.stderr.write('\r\u001b[K')
    },
  }
}
