import { findingOf, inInput, PrefixSet } from '@natplan/core'
import { count, namesText } from '../../text/count.ts'
import type { Imported, NodeRoute } from '../imported.ts'
import { namesOf } from '../names-of.ts'
import { freeName, listSaid } from '../said.ts'

/**
 * The import with what routes of hand on nodes say: where it has no other site, their destinations are what the peers are called; else it is
 * told which of them no site is called by.
 */
export function withNodeRoutes({ routes = [], ...imported }: Imported): Imported {
  const sites = new Set(routes.map(({ site }) => site))
  return [...sites].reduce<Imported>((sofar, site) => {
    const listed = routes.filter((route) => route.site === site)
    return withRoutesOf(site, listed, sofar)
  }, imported)
}

function withRoutesOf(site: string, listed: readonly NodeRoute[], imported: Imported): Imported {
  const { sites } = imported.network
  const others = Object.entries(sites).flatMap(([name, other]) => (name === site ? [] : other))
  if (others.length === 0) return withPeers(site, listed, imported)
  const known = PrefixSet.of(others.flatMap(namesOf))
  const lost = listed.filter(({ prefix }) => !known.contains(prefix))
  const [first] = lost
  if (!first) return imported
  const message = `${site}: ${count(lost.length, 'route')} of nodes ${lost.length === 1 ? 'leads' : 'lead'} to ${lost.length === 1 ? 'a prefix' : 'prefixes'} by which no other site is known: ${namesText(lost.map(({ prefix }) => String(prefix)))}`
  const hint = 'give the configuration of the gateway there, or write translateTo with the subnet that it stands for'
  const place = { ...inInput(first.said.line), file: first.said.file }
  return { ...imported, findings: [...imported.findings, findingOf('IMPORT_ROUTES_LOST', place, { message, hint })] }
}

function withPeers(site: string, listed: readonly NodeRoute[], imported: Imported): Imported {
  const name = freeName('peers', new Set(Object.keys(imported.network.sites)))
  const said = listed.map((one) => ({ ...one.said, why: `nodes of ${site} have a route there: ${one.said.why}` }))
  const { values, reasons } = listSaid(said, ['sites', name, 'subnets'])
  const message = `which peers of ${site} have what nodes have routes to is not known: ${name} has all of it`
  const hint = 'give the configurations of the gateways too, or make a site of each peer'
  const place = { ...inInput(listed[0]?.said.line), ...(listed[0] ? { file: listed[0].said.file } : {}) }
  return {
    ...imported,
    findings: [...imported.findings, findingOf('IMPORT_INCOMPLETE', place, { message, hint })],
    network: { ...imported.network, sites: { ...imported.network.sites, [name]: { subnets: values } } },
    reasons: [...imported.reasons, ...reasons],
  }
}
