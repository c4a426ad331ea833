import { command } from './command.ts'

export const importCommand = command({
  name: 'import <sources..>',
  about: 'Make a plan file from what exists: configurations, clusters, clouds, lists',
  options: (parser) =>
    parser
      .positional('sources', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'FILE, SITE=FILE or SITE:PLATFORM=FILE; - is standard input',
      })
      .option('output', {
        alias: 'o',
        type: 'string',
        describe: 'The plan file to write, which must not exist yet',
        defaultDescription: 'standard output',
      })
      .option('into', {
        type: 'string',
        describe: 'A plan file to add to; its content stays',
        conflicts: 'output',
      })
      .option('as', {
        choices: ['site', 'reserved'] as const,
        describe: 'What exported networks become: subnets of sites, or their reserved space',
      })
      .option('columns', {
        type: 'string',
        array: true,
        nargs: 1,
        describe: "Which columns of a table hold what: 'site=Branch,subnets=LAN,outside=WAN IP'",
      })
      .option('sheet', { type: 'string', nargs: 1, describe: 'For a workbook: the name of the sheet' })
      .option('adopt', {
        type: 'boolean',
        implies: 'output',
        describe: "Print what makes hand-made tunnels and rules natplan's own, without changing what they do",
      })
      .option('explain', { type: 'boolean', describe: 'Add to each value what it was inferred from' })
      .example('$0 import branches.csv -o natplan.yaml', 'a plan from a table with a row for each branch')
      .example('$0 import cloud=running.txt onpremise=other.boot -o natplan.yaml', 'a plan from two running gateways'),
  run: async (given) => (await import('./run-import.ts')).runImport(given),
})
