import { abilities, type Finding, findingOf, type GatewayPolicy, inPlan, type Platform } from '@natplan/core'
import type { FilterWords } from '../filter-words.ts'
import { keyFindings } from '../keys.ts'
import type { KeyRule, PlatformModule, Rendering, RenderOptions } from '../platform.ts'
import { renderTemplates } from '../render-templates.ts'
import type { TemplatePieces } from '../template.ts'
import { type TerraformFile, terraformText } from './terraform.ts'
import { type CloudTunnel, cloudTunnels } from './tunnels.ts'

/** What is a cloud's own. */
export interface Cloud {
  readonly platform: Platform
  /** The name of its command line. */
  readonly command: string
  /** What is to be known before, for people. */
  readonly before?: string
  readonly keys: KeyRule
  readonly templates: Readonly<Record<'configure' | 'remove' | 'check', TemplatePieces>>
  readonly view: (policy: GatewayPolicy, tunnels: readonly CloudTunnel[]) => object
  readonly terraform: (policy: GatewayPolicy, tunnels: readonly CloudTunnel[]) => TerraformFile
}

/** The file with everything for Terraform; the steps are the same for the cloud's own command line. */
const terraformName = 'natplan.tf.json'

/** The module of a gateway that a cloud runs: objects that are created beside it, and nothing that can be read back. */
export function cloudModule(cloud: Cloud): PlatformModule {
  const { platform, keys, templates, command, before = '' } = cloud
  return {
    platform,
    capabilities: {
      ...abilities[platform],
      keys,
      session: undefined,
      clampMeets: '',
      firewallSees: { outgoing: 'real', incoming: 'real', where: 'in the rules of its network and of each machine' },
      filterWords,
      entering: () => `${before}${entering(command)}`,
    },
    templates,
    render: (policy, options) => render(cloud, policy, options),
    script: () => undefined,
    running: undefined,
    readDevice: undefined,
    acceptLines: undefined,
    plannedAccepts: () => [],
    compare: undefined,
    checkKey: (key, place) => keyFindings(key, { ...keys, platform }, place),
  }
}

/** The gateway itself asks no rules; those of the network know real addresses. */
function filterWords({ position }: Parameters<FilterWords>[0]): string | undefined {
  return position === 'amid' ? 'the rules of its network (security groups, firewall rules)' : undefined
}

function entering(command: string): string {
  return `With Terraform: put \`${terraformName}\` into a folder of its own, set its variables, including the keys (\`TF_VAR_…\`), and apply it.
Or run \`configure.txt\` as a script of a shell in which \`${command}\` is signed in; its first lines name the variables that it needs. One of the
two, not both. No file holds a key.
`
}

function render(cloud: Cloud, policy: GatewayPolicy, { overrides }: RenderOptions): Rendering {
  const tunnels = cloudTunnels(policy)
  const refused = sameNames(policy, tunnels)
  if (refused.length > 0) return { texts: undefined, findings: refused }
  const view = cloud.view(policy, tunnels)
  const { texts, findings } = renderTemplates(cloud.templates, { view, overrides, dialect: 'router' })
  if (!texts) return { texts: undefined, findings }
  const files = [{ name: terraformName, text: terraformText(cloud.terraform(policy, tunnels)) }]
  return { texts: { ...texts, files }, findings }
}

/** Objects of two tunnels would be one. */
function sameNames({ site }: GatewayPolicy, tunnels: readonly CloudTunnel[]): Finding[] {
  const owners = new Map<string, string>()
  return tunnels.flatMap(({ label, tunnel: { peer } }) => {
    const owner = owners.get(label)
    owners.set(label, peer)
    if (owner === undefined) return []
    const message = `objects for ${owner} and for ${peer} would have the same names at ${site}: names are lower case there, and "_" is "-"`
    return [findingOf('POLICY_UNSUPPORTED', inPlan(['sites', peer]), { message })]
  })
}
