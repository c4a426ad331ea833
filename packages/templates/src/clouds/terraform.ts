/** What natplan writes of Terraform's JSON syntax. */
export interface TerraformFile {
  readonly '//': string
  readonly terraform: {
    readonly required_version: string
    readonly required_providers: Readonly<Record<string, { readonly source: string; readonly version: string }>>
  }
  readonly variable: Readonly<Record<string, Variable>>
  /** By type, then by the name inside the file. */
  readonly resource: Readonly<Record<string, Readonly<Record<string, Body>>>>
  readonly output?: Readonly<Record<string, { readonly description: string; readonly value: string }>>
  readonly check?: Readonly<
    Record<string, { readonly assert: { readonly condition: string; readonly error_message: string } }>
  >
}

interface Variable {
  readonly description: string
  readonly type: 'string' | 'set(string)'
  readonly default?: readonly string[]
  readonly sensitive?: true
}

/** The arguments of a resource. */
export type Body = Readonly<Record<string, unknown>>

export function variable(description: string): Variable {
  return { description, type: 'string' }
}

export function keyVariable(peer: string): Variable {
  return { description: `The pre-shared key of the tunnel to ${peer}.`, type: 'string', sensitive: true }
}

/** Refers to what stands elsewhere in the file. */
export function reference(...path: readonly string[]): string {
  return `\${${path.join('.')}}`
}

export function terraformText(file: TerraformFile): string {
  return `${JSON.stringify(file, undefined, 2)}\n`
}
