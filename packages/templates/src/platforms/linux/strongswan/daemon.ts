import type { Device, Unread } from '@natplan/core'
import type { Section, Setting } from './settings-tree.ts'
import { yesNoOf } from './taken.ts'

/** What strongswan.conf says about routes and policies. */
export interface Daemon {
  readonly installsRoutes: Device['installsRoutes']
  /** Not written: the default is only likely, for files that were not given are read too. */
  readonly isInstallingWritten: boolean
  /** The line that loads the plugin that passes every network of an interface by. */
  readonly bypassesNetworks: number | undefined
  readonly unread: readonly Unread[]
}

/** Sections of strongswan.conf(5). */
export const daemonSections: readonly string[] = [
  ...'charon charon-systemd charon-nm charon-cmd charon-tkm charon-svc swanctl starter libstrongswan pki'.split(' '),
  ...'libtls libtnccs libimcv medcli medsrv manager aikgen attest pool sec-updater checksum_maker'.split(' '),
  ...'scepclient pacman cert-enroll imv_policy_manager'.split(' '),
]

/** Settings under `charon` that change which packets the kernel takes, or where they go. */
const touching: readonly string[] = ['routing_table', 'routing_table_prio', 'interfaces_use', 'interfaces_ignore']

const bypassLan = 'bypass-lan'

/** Plugins that install policies or rules of their own. */
const policyPlugins: readonly string[] = [
  bypassLan,
  'forecast',
  'connmark',
  'kernel-libipsec',
  'ha',
  'load-tester',
  'unity',
]

export function readDaemon(sections: readonly Section[]): Daemon {
  const daemons = sections.filter(({ name }) => name.startsWith('charon'))
  const installs = daemons.flatMap(({ settings }) => settings.get('install_routes') ?? [])
  const isOff = installs.some(({ value }) => yesNoOf(value) === false)
  const bypasses = daemons.flatMap((daemon) => bypassOf(daemon) ?? [])
  return {
    installsRoutes: isOff ? 'never' : 'own-address',
    isInstallingWritten: installs.length > 0,
    bypassesNetworks: bypasses[0],
    unread: daemons.flatMap((daemon) => [...settingsOf(daemon), ...pluginsOf(daemon), ...routesIntoInterfaces(daemon)]),
  }
}

function settingsOf({ settings }: Section): Unread[] {
  return touching.flatMap((key) => {
    const setting = settings.get(key)
    const isStandard = { routing_table: '220', routing_table_prio: '220' }[key] === setting?.value
    return setting && !isStandard ? [named(key, setting, 'routes')] : []
  })
}

function named(key: string, { line, value }: Setting, touches: Unread['touches']): Unread {
  return { line, text: `${key} = ${value}`, touches, isPlaced: false }
}

function pluginsOf(daemon: Section): Unread[] {
  return policyPlugins
    .filter((name) => name !== bypassLan || bypassOf(daemon) === undefined)
    .flatMap((name) => {
      const load = loadOf(daemon, name)
      return load ? [named(`${name}: load`, load, 'tunnels')] : []
    })
}

/** Routes that come before all others, for what goes into an XFRM interface. */
function routesIntoInterfaces({ sections }: Section): Unread[] {
  const key = 'install_routes_xfrmi'
  const setting = sections.get('plugins')?.sections.get('kernel-netlink')?.settings.get(key)
  return setting && yesNoOf(setting.value) !== false ? [named(key, setting, 'routes')] : []
}

/** Where a plugin is loaded: by its own section, or in the list of all. */
function loadOf({ settings, sections }: Section, name: string): Setting | undefined {
  const load = sections.get('plugins')?.sections.get(name)?.settings.get('load')
  if (load) return yesNoOf(load.value) === false ? undefined : load
  const all = settings.get('load')
  return all?.value.split(/\s+/).includes(name) ? all : undefined
}

/** The line of a plugin that is loaded for all interfaces. */
function bypassOf(daemon: Section): number | undefined {
  const own = daemon.sections.get('plugins')?.sections.get(bypassLan)?.settings
  const isNarrowed = [own, daemon.settings].some((one) => one?.has('interfaces_use') || one?.has('interfaces_ignore'))
  return isNarrowed ? undefined : loadOf(daemon, bypassLan)?.line
}
