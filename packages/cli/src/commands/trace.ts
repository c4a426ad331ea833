import { type PictureFormat, pictureFormats } from '@natplan/app'
import { type Format, formats } from '../output/formats.ts'
import { command, planFileOptions, routesOption } from './command.ts'

const traceFormats: readonly (Format | PictureFormat)[] = [...formats, ...pictureFormats]

export const trace = command({
  name: 'trace <source> <destination> [plan]',
  about: 'Follow a packet and its answer, hop by hop',
  options: (parser) =>
    planFileOptions(
      parser
        .positional('source', {
          type: 'string',
          demandOption: true,
          describe: 'SITE:ADDRESS of a host, node or pod, or SITE:NAME of a host that the plan names',
        })
        .positional('destination', {
          type: 'string',
          demandOption: true,
          describe: "The address as the source's site calls it, SITE:ADDRESS with the real one, or SITE:NAME",
        }),
    )
      .option('proto', { type: 'string', default: 'tcp', describe: 'The protocol: tcp, udp, icmp, ...' })
      .option('sport', { type: 'number', defaultDescription: '40000', describe: 'The source port' })
      .option('dport', { type: 'number', defaultDescription: '443', describe: 'The destination port' })
      .option('config', {
        type: 'string',
        array: true,
        nargs: 1,
        describe:
          'The configuration of a gateway, SITE=FILE or SITE:PLATFORM=FILE; if no plan file is named, no plan is used',
      })
      .option('routes', routesOption)
      .option('nodes', { type: 'string', describe: 'The node pool that sends or receives' })
      .option('without-routes', { type: 'boolean', describe: 'Assume that no route agent runs on the nodes' })
      .option('rp-filter', {
        choices: ['strict', 'loose', 'off'] as const,
        defaultDescription: 'as --routes shows it, otherwise strict',
        describe: "The nodes' reverse-path filter",
      })
      .option('pods-keep-address', { type: 'boolean', describe: 'Assume that nodes do not masquerade their pods' })
      .option('tunnels-down', { type: 'boolean', describe: 'Show what happens while the tunnels are down' })
      .option('output', { choices: traceFormats, default: 'table' as const, describe: 'How to print the result' })
      .example('$0 trace cloud:10.0.1.5 192.168.1.77', 'a node calls a translated address')
      .example('$0 trace cloud:10.0.1.5 192.168.1.77 other.yaml', 'in another plan')
      .example('$0 trace cloud:10.0.1.5 onpremise:10.0.1.77', 'the same host by its real address')
      .example('$0 trace cloud:node1 onpremise:db', 'hosts by the names that the plan has for them')
      .epilogue('Exit status: 0 when packet and answer arrive, 1 when they do not, 3 when that is not known.'),
  run: async (given) => (await import('./run-trace.ts')).runTrace(given),
})
