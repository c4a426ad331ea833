import { cloudModule } from '../../clouds/cloud-module.ts'
import { templates } from './templates.generated.ts'
import { azureTerraform } from './terraform.ts'
import { azureView } from './view.ts'

/** The VPN gateway of an Azure virtual network. */
export const azure = cloudModule({
  platform: 'azure',
  command: 'az',
  keys: { pattern: /^[A-Za-z0-9._+]+$/, words: 'letters, digits and ._+', maxLength: 128 },
  templates,
  view: azureView,
  terraform: azureTerraform,
})
