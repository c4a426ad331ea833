import { command } from './command.ts'

export const page = command({
  name: 'page',
  about: 'Run natplan in a browser: one page that computes everything itself and sends nothing anywhere',
  options: (parser) =>
    parser
      .option('out', {
        alias: 'o',
        type: 'string',
        nargs: 1,
        describe: 'Write the page to this file; without it, the page is served to this machine only',
      })
      .example('$0 page -o natplan.html', 'to open in a browser, even offline'),
  run: async (given) => (await import('./run-page.ts')).runPage(given),
})
