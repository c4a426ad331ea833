/** All that somebody gave; a link carries it, undo goes back through it. */
export interface Given {
  /** What is known of both networks, in any form that natplan reads. */
  readonly ours: string
  readonly theirs: string
  /** The plan file, once it was opened or edited; until then it is made of the two texts. */
  readonly plan: string | undefined
  readonly lock: string | undefined
}

export const nothing: Given = { ours: '', theirs: '', plan: undefined, lock: undefined }

/** What files are called in messages, and in the download. */
export const fileNames = { plan: 'natplan.yaml', lock: 'natplan.lock.yaml', ours: 'ours', theirs: 'theirs' } as const

export function isNothing({ ours, theirs, plan }: Given): boolean {
  return plan === undefined && ours.trim() === '' && theirs.trim() === ''
}

/** What was written down as JSON by this page or by somebody; `undefined` for what is no object. */
export function givenIn(value: unknown): Given | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const textOf = (key: keyof Given) => {
    const text: unknown = Reflect.get(value, key)
    return typeof text === 'string' ? text : undefined
  }
  return {
    ours: textOf('ours') ?? nothing.ours,
    theirs: textOf('theirs') ?? nothing.theirs,
    plan: textOf('plan'),
    lock: textOf('lock'),
  }
}
