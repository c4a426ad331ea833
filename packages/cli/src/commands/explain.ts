import { command, inputOptions, outputOption } from './command.ts'

export const explain = command({
  name: 'explain [subject]',
  about:
    "Print what an address or a host is from each site's view, what a firewall must let pass, or what a code means",
  options: (parser) =>
    outputOption(
      inputOptions(
        parser.positional('subject', {
          type: 'string',
          describe:
            'An address, a prefix, a host (NAME or SITE:NAME), a code, or firewall; without it, all codes are listed',
        }),
      ),
    )
      .option('peer', { type: 'string', array: true, nargs: 1, describe: 'With firewall: only tunnels to this site' })
      .example('$0 explain firewall --site cloud', 'what the firewall there must let pass')
      .example('$0 explain 192.168.1.77', 'whose address that is')
      .example('$0 explain onpremise:db', 'what each site calls that host')
      .example('$0 explain POOL_EXHAUSTED', 'what it means and what to do'),
  run: async (given) => (await import('./run-explain.ts')).runExplain(given),
})
