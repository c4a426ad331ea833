import { cloudModule } from '../../clouds/cloud-module.ts'
import type { PlatformModule } from '../../platform.ts'
import { templates } from './templates.generated.ts'
import { azureTerraform } from './terraform.ts'
import { azureView } from './view.ts'

const made = cloudModule({
  platform: 'azure',
  command: 'az',
  keys: { pattern: /^[A-Za-z0-9._+]+$/, words: 'letters, digits and ._+', maxLength: 128 },
  templates,
  view: azureView,
  terraform: azureTerraform,
})

/** The VPN gateway of an Azure virtual network. */
export function azure(): PlatformModule {
  return made
}
