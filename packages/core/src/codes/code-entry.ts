/** What a code means: its severity, a title, and what to do about it, in Markdown; `natplan explain CODE` prints it. */
export interface CodeEntry {
  readonly severity: 'error' | 'risk' | 'note'
  readonly title: string
  readonly text: string
}

export function error(title: string, text: string): CodeEntry {
  return { severity: 'error', title, text }
}

export function risk(title: string, text: string): CodeEntry {
  return { severity: 'risk', title, text }
}

export function note(title: string, text: string): CodeEntry {
  return { severity: 'note', title, text }
}
