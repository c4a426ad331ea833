import { command, findingOption, planFileOptions } from './command.ts'

export const report = command({
  name: 'report [plan]',
  about: 'Write one page for the people who approve the change: what is wrong, what is planned, where, and the proof',
  options: (parser) =>
    findingOption(planFileOptions(parser))
      .option('out', { alias: 'o', type: 'string', nargs: 1, describe: 'Write the page to this file' })
      .example('$0 report -o report.html', 'to open in a browser, to send in a mail, to print'),
  run: async (given) => (await import('./run-report.ts')).runReport(given),
})
