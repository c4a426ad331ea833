export function embedTemplates(options: { readonly check: boolean }): string[]
