import { type Finding, findingOf, inPlan } from '@natplan/core'

/** Names that Windows gives to devices, in every folder. */
const reserved = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/i

/** Sites whose names cannot be folders, side by side, on every system. */
export function unfitFolders(sites: Iterable<string>): Finding[] {
  const owners = new Map<string, string>()
  return [...new Set(sites)].flatMap((site) => {
    const other = owners.get(site.toLowerCase())
    owners.set(site.toLowerCase(), other ?? site)
    if (other !== undefined) return unfit(site, `a folder ${site} and a folder ${other} are the same on many systems`)
    return reserved.test(site)
      ? unfit(site, `a folder cannot be called ${site} on Windows, where that is a device`)
      : []
  })
}

function unfit(site: string, message: string): Finding {
  return findingOf('SITE_FOLDER_UNFIT', inPlan(['sites', site]), {
    message,
    hint: 'give the site another name',
    about: { site },
  })
}
