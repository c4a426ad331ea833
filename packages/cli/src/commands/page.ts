import { command, fileOption } from './command.ts'

export const page = command({
  name: 'page [plan]',
  about: 'Run natplan in a browser: one page that computes everything itself and sends nothing anywhere',
  options: (parser) =>
    parser
      .positional('plan', { type: 'string', describe: 'A plan file to follow as it changes (same as --file)' })
      .option('file', { ...fileOption, describe: 'The plan file to follow', defaultDescription: 'none' })
      .option('out', {
        alias: 'o',
        type: 'string',
        nargs: 1,
        describe: 'Write the page to this file; without it, the page is served to this machine only',
      })
      .example('$0 page natplan.yaml', 'to see what each change of the file does; nothing is written to it')
      .example('$0 page -o natplan.html', 'to open in a browser, even offline'),
  run: async (given) => (await import('./run-page.ts')).runPage(given),
})
