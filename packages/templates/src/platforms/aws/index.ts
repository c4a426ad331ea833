import { cloudModule } from '../../clouds/cloud-module.ts'
import type { PlatformModule } from '../../platform.ts'
import { templates } from './templates.generated.ts'
import { awsTerraform } from './terraform.ts'
import { awsView } from './view.ts'

const made = cloudModule({
  platform: 'aws',
  command: 'aws',
  before: `Before the other end: AWS chooses the address of a tunnel when it creates the connection. Write what it prints then as \`outside.address\` of the plan, or of its
uplink, and generate again; that changes nothing here.

`,
  keys: { pattern: /^[A-Za-z1-9._][A-Za-z0-9._]*$/, words: 'letters, digits and ._, no 0 first', maxLength: 64 },
  templates,
  view: awsView,
  terraform: awsTerraform,
})

/** Site-to-Site VPN of AWS, on a virtual private gateway. */
export function aws(): PlatformModule {
  return made
}
