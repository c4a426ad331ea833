import { Prefix } from '../address/prefix.ts'
import { specialPurposeOf } from '../address/special-purpose.ts'
import { bounded, collect, type Finding, findingOf, inLock, type Path } from '../finding.ts'
import { lockForm } from '../network/forms.ts'
import { parseSiteName, type SiteName } from '../network/names.ts'
import { type Reading, readPartly } from '../network/read-written.ts'
import { lockSchema } from '../network/schemas.ts'
import { type Lock, type LockEntry, lockKey, type PeerList, type ReleasedEntry } from './lock.ts'
import { readInterfaces, readNumbers } from './read-numbers.ts'

/** Checks a parsed lock file like any other input: people edit and merge it. */
export function readLock(data: unknown): Reading<Lock> {
  const { value, findings: shape } = readPartly({ schema: lockSchema, form: lockForm }, data, 'lock')
  const findings: Finding[] = [...shape]
  const entries = new Map<string, LockEntry>()
  forEach(value.sites, ['sites'], findings, ({ site, real, path, value: written }) => {
    const translated =
      written.translated === undefined ? undefined : translatedAt(written.translated, { path, real, findings })
    const { translatedFor = [], realFor = [], hiddenBehind } = written
    const hidden = hiddenBehind === undefined ? undefined : parsedAt(hiddenBehind, path, findings)
    entries.set(lockKey(site, real), {
      site,
      real,
      translated,
      ...(hidden ? { hiddenBehind: hidden } : {}),
      translatedFor: peersAt(translatedFor, [...path, 'translatedFor'], findings),
      realFor: peersAt(realFor, [...path, 'realFor'], findings),
      path,
    })
  })
  const released = new Map<string, ReleasedEntry>()
  forEach(value.released, ['released'], findings, ({ site, real, path, value: written }) => {
    const translated = translatedAt(written, { path, real, findings })
    if (translated) released.set(lockKey(site, real), { site, real, translated, path })
  })
  const numbers = readNumbers(value.numbers ?? {}, findings)
  const interfaces = readInterfaces(value.interfaces ?? {}, findings)
  return findings.length > 0
    ? { value: undefined, findings: bounded(findings) }
    : { value: { entries, released, numbers, interfaces }, findings }
}

interface Item<T> {
  readonly site: SiteName
  readonly real: Prefix
  readonly path: Path
  readonly value: T
}

function forEach<T>(
  written: Readonly<Record<string, Readonly<Record<string, T | undefined>> | undefined>> | undefined,
  base: Path,
  findings: Finding[],
  visit: (item: Item<T>) => void,
): void {
  for (const [name, prefixes] of Object.entries(written ?? {})) {
    const site = collect(inLock([...base, name]), findings, () => parseSiteName(name))
    if (!site) continue
    for (const [text, value] of Object.entries(prefixes ?? {})) {
      if (value === undefined) continue
      const path = [...base, name, text]
      const real = collect(inLock(path), findings, () => Prefix.parse(text))
      if (real) visit({ site, real, path, value })
    }
  }
}

function translatedAt(
  text: string,
  { path, real, findings }: { readonly path: Path; readonly real: Prefix; readonly findings: Finding[] },
): Prefix | undefined {
  const translated = parsedAt(text, path, findings)
  const isUsable = translated?.family === 4 && translated.length === real.length && !specialPurposeOf(translated)
  if (translated && !isUsable) findings.push(lockedUnfit(translated, { real, path }))
  return translated
}

function parsedAt(text: string, path: Path, findings: Finding[]): Prefix | undefined {
  return collect(inLock(path), findings, () => Prefix.parse(text))
}

/** Whether it is private space, or the planner's own, is known with the plan file. */
export function lockedUnfit(translated: Prefix, { real, path }: Pick<LockEntry, 'real' | 'path'>): Finding {
  return findingOf('LOCK_PREFIX_UNFIT', inLock(path), {
    message: `${translated} cannot be the translated prefix of ${real}`,
    hint: 'restore the lock from version control, list public space of your own under own, or remove this entry and plan again',
  })
}

function peersAt(written: PeerList | readonly (string | undefined)[], path: Path, findings: Finding[]): PeerList {
  if (written === 'all') return 'all'
  const names = written.flatMap((name, index) =>
    name === undefined ? [] : (collect(inLock([...path, index]), findings, () => parseSiteName(name)) ?? []),
  )
  return names.sort()
}
