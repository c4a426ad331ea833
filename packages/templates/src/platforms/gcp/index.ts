import { cloudModule } from '../../clouds/cloud-module.ts'
import type { PlatformModule } from '../../platform.ts'
import { templates } from './templates.generated.ts'
import { gcpTerraform } from './terraform.ts'
import { gcpView } from './view.ts'

const made = cloudModule({
  platform: 'gcp',
  command: 'gcloud',
  keys: { pattern: /^[A-Za-z0-9._]+$/, words: 'letters, digits and ._', maxLength: 64 },
  templates,
  view: gcpView,
  terraform: gcpTerraform,
})

/** Classic VPN of Google Cloud with static routes; HA VPN speaks BGP only. */
export function gcp(): PlatformModule {
  return made
}
