import { type NamesForm, namesForms } from '@natplan/app'
import { type Format, formats } from '../output/formats.ts'
import { command, findingOption, planFileOptions } from './command.ts'

const namesFormats: readonly (Format | 'csv' | NamesForm)[] = [...formats, 'csv', ...namesForms]

export const names = command({
  name: 'names [plan]',
  about: 'Print what each site calls the hosts of others: for people, hosts files and DNS servers',
  options: (parser) =>
    findingOption(planFileOptions(parser))
      .option('site', { type: 'string', describe: 'The site that calls; texts for files and servers are for one site' })
      .option('check', {
        type: 'string',
        array: true,
        nargs: 1,
        describe:
          'Print which entries of a hosts file, a zone, or dnsmasq or Unbound names have wrong addresses: FILE, or SITE=FILE for what one site reads',
      })
      .option('zone', {
        type: 'string',
        nargs: 1,
        describe: 'With --output bind: the zone to write, such as corp.example, instead of a response-policy zone',
      })
      .option('out', { alias: 'o', type: 'string', nargs: 1, describe: 'Write the result to this file' })
      .option('output', { choices: namesFormats, default: 'table' as const, describe: 'How to print the result' })
      .example('$0 names', 'the address book of every site')
      .example('$0 names --site cloud --output hosts', 'lines for /etc/hosts there')
      .example('$0 names --check cloud=hosts', 'which names have addresses that are something else there')
      .epilogue('Exit status with --check: 0 when no entry is wrong, 1 when one is.'),
  run: async (given) => (await import('./run-names.ts')).runNames(given),
})
