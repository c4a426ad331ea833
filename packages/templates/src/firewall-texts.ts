import { type Accept, type FirewallSet, type GatewayPolicy, plannedAccepts, type WrittenPath } from '@natplan/core'
import type { AcceptLines, RenderOptions } from './platform.ts'

/** How a platform writes rules into sets of the gateway's own firewall. */
export interface FirewallForm {
  readonly writtenPath: WrittenPath
  /** Sets as they are often called, for people who put in their own. */
  readonly usual: readonly FirewallSet[]
  readonly acceptLines: (accepts: readonly Accept[]) => AcceptLines[]
  readonly removeLines: (accepts: readonly Accept[]) => string[]
  /** Rules have no numbers, so those of before go before new ones come. */
  readonly replaces: boolean
}

export interface FirewallTexts {
  readonly configure: string
  readonly remove: string
}

const nothing: FirewallTexts = { configure: '', remove: '' }

/** What sets of the gateway's own firewall get, and what takes it away again; comments where the plan names none. */
export function firewallTexts(
  policy: GatewayPolicy,
  form: FirewallForm | undefined,
  { isRunning }: Pick<RenderOptions, 'isRunning'>,
): FirewallTexts {
  if (!form || policy.tunnels.length === 0 || (isRunning && !policy.firewall)) return nothing
  const { acceptLines, removeLines, writtenPath, usual } = form
  const accepts = plannedAccepts(policy, policy.firewall ?? usual, writtenPath)
  const lines = acceptLines(accepts).flatMap((one) => one.lines)
  if (policy.firewall) {
    const remove = textOf(removeLines(accepts))
    return { configure: `${form.replaces ? remove : ''}${textOf(lines)}`, remove }
  }
  const names = [...new Set(usual.map(({ name }) => name))].join(', ')
  const head = `# If this gateway filters: the rules that let the tunnels pass (put in your own sets for ${names}).`
  return { ...nothing, configure: textOf([head, ...lines.map((line) => `# ${line.replace(/^# /, '')}`)]) }
}

/** The rules that sets which the plan names get. */
export function firewallAccepts(policy: GatewayPolicy, form: FirewallForm | undefined): Accept[] {
  return form && policy.firewall ? plannedAccepts(policy, policy.firewall, form.writtenPath) : []
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}
