// The pictures of the documentation: each example's plan, and what docs/how-it-works.md shows of the acceptance example.
import { existsSync, readdirSync } from 'node:fs'
import { type NodeGroup, planNetwork, tracePacket, type World } from '@natplan/core'
import {
  type PictureWish,
  packetFigure,
  packetOf,
  pictureFigures,
  pictureText,
  planOf,
} from '../packages/app/src/index.ts'
import { plannedWorld } from '../packages/app/src/verify/planned-world.ts'
import { loadNetwork } from '../packages/cli/src/input/load-network.ts'

const acceptance = 'examples/acceptance/natplan.yaml'

export const pictures: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    readdirSync('examples')
      .filter((name) => existsSync(`examples/${name}/natplan.yaml`))
      .map((name) => [
        `examples/${name}/picture.svg`,
        drawn(`examples/${name}/natplan.yaml`, { kind: 'plan', around: undefined, unfold: false }),
      ]),
  ),
  'docs/pictures/tunnel.svg': drawn(acceptance, { kind: 'tunnel', sites: ['cloud', 'onpremise'] }),
  'docs/pictures/request.svg': packetPicture('onpremise:10.0.1.77', { withRoutes: true }),
  'docs/pictures/request-without-route.svg': packetPicture('onpremise:10.0.1.77', { withRoutes: false }),
  'docs/pictures/answer-without-route.svg': packetPicture('onpremise:10.0.1.77', {
    withRoutes: false,
    reversePath: 'loose',
  }),
}

function drawn(file: string, wish: PictureWish): string {
  const { network, lock } = loadNetwork({ file })
  if (!network || !lock) throw new Error(`${file} is no plan`)
  return pictureText(pictureFigures({ network, ...planNetwork(network, lock) }, wish).figures, 'svg')
}

/** A packet from on-premise to a node of the acceptance example. */
function packetPicture(
  source: string,
  {
    withRoutes,
    reversePath = 'strict',
  }: { readonly withRoutes: boolean; readonly reversePath?: NodeGroup['reversePath'] },
): string {
  const { plan } = planOf(loadNetwork({ file: acceptance }))
  const planned = plan && plannedWorld(plan).world
  if (!planned) throw new Error(`${acceptance} has no world`)
  const world = withNodes(planned, (group) => ({
    ...group,
    reversePath,
    routes: group.routes.filter(({ isManaged }) => withRoutes || !isManaged),
  }))
  const { from, request } = packetOf(
    { world, plan: undefined, isShown: false },
    { source, destination: 'cloud:10.0.1.5', proto: 'tcp' },
  )
  return pictureText(
    [packetFigure({ world, from: from.name, request, trace: tracePacket(world, from, request) })],
    'svg',
  )
}

function withNodes({ sites }: World, change: (group: NodeGroup) => NodeGroup): World {
  return { sites: new Map([...sites].map(([name, site]) => [name, { ...site, nodes: site.nodes.map(change) }])) }
}
