import { NatplanError } from '@natplan/core'
import { utf8 } from '../prefixes/bytes.ts'
import { withCloudKeys } from './clouds/cloud-keys.ts'
import { withNodeRoutes } from './clusters/node-routes.ts'
import type { Given, ImportChoice, Imported, Source } from './imported.ts'
import { table } from './lists/table.ts'
import { mergedImports } from './merge.ts'
import { withPeersKnown } from './peers-known.ts'
import { sources } from './sources.ts'
import { withHosts } from './with-hosts.ts'

/**
 * Reads all that was given, each text by the source that recognises it, and puts together what they say.
 * @throws NatplanError USAGE for a text that none recognises, and those of the readers
 */
export async function importPlan(given: readonly Given[], choice: ImportChoice): Promise<Imported> {
  const bySource = new Map<Source, Given[]>()
  for (const one of given) {
    const source = sourceOf(one)
    bySource.set(source, [...(bySource.get(source) ?? []), one])
  }
  if (choice.columns.size > 0 && !bySource.has(table)) {
    throw new NatplanError('USAGE', '--columns is given, and no source is a table', {
      hint: 'a table stands for its own sites: leave SITE= out in front of it',
    })
  }
  const read = [...bySource].map(([source, texts]) => source.read(texts, choice))
  return withHosts(withNodeRoutes(withCloudKeys(mergedImports(withPeersKnown(await Promise.all(read))))))
}

function sourceOf({ site, platform, text }: Given): Source {
  const head = { name: text.name, text: utf8(text.head), site, platform }
  const source = sources.find((one) => one.recognises(head))
  if (source) return source
  throw new NatplanError('USAGE', `natplan cannot tell what ${text.name} is`, {
    hint: `what it imports: ${sources.map(({ about }) => about).join('; ')}`,
  })
}
