import { firewallAccepts } from '../../firewall-texts.ts'
import { keyFindings } from '../../keys.ts'
import type { PlatformModule } from '../../platform.ts'
import { acceptLines } from './accept-lines.ts'
import { adoptLinux } from './adopt.ts'
import { capabilities } from './capabilities.ts'
import { diff, split, takeOff } from './diff.ts'
import { firewallForm } from './firewall-form.ts'
import { readDevice } from './read-device.ts'
import { render } from './render.ts'
import { running, script } from './script.ts'
import { templates } from './templates.generated.ts'

const made: PlatformModule = {
  platform: 'linux',
  capabilities,
  templates,
  render,
  script,
  running,
  readDevice,
  acceptLines,
  plannedAccepts: (policy) => firewallAccepts(policy, firewallForm),
  compare: { split, diff, takeOff, adopt: adoptLinux },
  checkKey: (key, place) => keyFindings(key, { ...capabilities.keys, platform: 'linux' }, place),
}

/** A plain Linux gateway: strongSwan with swanctl, and nftables in a table of its own. */
export function linux(): PlatformModule {
  return made
}
