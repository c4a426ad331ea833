import { utf8 } from '../../prefixes/bytes.ts'
import type { Given, ImportChoice, Imported, Source } from '../imported.ts'
import { type JsonElement, jsonElements } from '../json-elements.ts'
import { at } from '../json-values.ts'
import { awsLists, takeAws } from './aws.ts'
import { takeAzure } from './azure.ts'
import { CloudFacts, type CloudPlace } from './cloud-facts.ts'
import { cloudSites } from './cloud-sites.ts'
import { takeGoogle } from './google.ts'
import { takeStateResource, takeTerraform } from './terraform.ts'

/** What the command lines of clouds and Terraform say of networks and VPNs. */
export const clouds: Source = {
  name: 'clouds',
  about: 'aws ec2 describe-…, az network … list, gcloud compute … list --format=json, terraform show -json',
  recognises: ({ text }) => formOf(text) !== undefined,
  read: readClouds,
}

type Form = 'aws' | 'azure' | 'google' | 'terraform'

const forms: readonly (readonly [Form, RegExp])[] = [
  ['terraform', /^\s*\{[\s\S]*"terraform_version"\s*:/],
  ['aws', new RegExp(`^\\s*\\{\\s*"(${awsLists.join('|')})"\\s*:\\s*\\[`)],
  ['azure', /"id"\s*:\s*"\/subscriptions\/[^"]*\/providers\/Microsoft\.Network\//i],
  ['google', /"kind"\s*:\s*"compute#|"ipCidrRange"\s*:|\/compute\/v1\/projects\//],
]

function formOf(head: string): Form | undefined {
  return /^\s*[[{]/.test(head) ? forms.find(([, sign]) => sign.test(head))?.[0] : undefined
}

async function readClouds(given: readonly Given[], { as = 'site' }: ImportChoice): Promise<Imported> {
  const facts = new CloudFacts()
  for (const { site, text } of given) {
    const form = formOf(utf8(text.head))
    const lists = form === 'terraform' ? ['resources'] : form === 'aws' ? awsLists : ['value']
    for await (const element of jsonElements(text, lists))
      if (form) take(facts, form, { element, place: { file: text.name, line: element.line, site } })
  }
  facts.join()
  return cloudSites(facts, as)
}

function take(
  facts: CloudFacts,
  form: Form,
  { element: { value, list }, place }: { readonly element: JsonElement; readonly place: CloudPlace },
): void {
  const object = { value, list, place }
  if (form === 'aws') takeAws(facts, object)
  else if (form === 'azure') takeAzure(facts, object)
  else if (form === 'google') takeGoogle(facts, object)
  else if (list === 'resources') takeStateResource(facts, value, place)
  else if (at(value, 'format_version') !== undefined) takeTerraform(facts, value, place)
}
