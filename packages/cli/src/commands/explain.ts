import { command, inputOptions, outputOption } from './command.ts'

export const explain = command({
  name: 'explain [subject]',
  about: "Print what an address is from each site's view, or what a code means",
  options: (parser) =>
    outputOption(
      inputOptions(
        parser.positional('subject', {
          type: 'string',
          describe: 'An address, a prefix, or a code; none lists all codes',
        }),
      ),
    )
      .example('$0 explain 192.168.1.77', 'whose address that is')
      .example('$0 explain POOL_EXHAUSTED', 'what to do about that'),
  run: async (given) => (await import('./run-explain.ts')).runExplain(given),
})
