/** Descriptions of natplan's own rules, peers and virtual interfaces begin so. */
export const ownDescription = 'natplan: '

/** Reports whether natplan wrote a rule: its description says so. */
export function isOwn({ description }: { readonly description: string | undefined }): boolean {
  return description?.startsWith(ownDescription) ?? false
}
