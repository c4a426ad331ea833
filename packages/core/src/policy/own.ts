/** Descriptions of natplan's own rules, peers and virtual interfaces begin so. */
export const ownDescription = 'natplan: '

/** Names of everything that natplan makes on a device: groups, and peers where they have names. */
export const ownPrefix = 'natplan-'

/** Reports whether natplan wrote a rule: its description says so. */
export function isOwn({ description }: { readonly description: string | undefined }): boolean {
  return description?.startsWith(ownDescription) ?? false
}
