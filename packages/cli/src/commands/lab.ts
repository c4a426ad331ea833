import { command, outputOption, planFileOptions } from './command.ts'

export const lab = command({
  name: 'lab <action> [plan]',
  about: "Try the plan's gateways in network namespaces of this machine (Linux, root)",
  options: (parser) =>
    outputOption(
      planFileOptions(
        parser.positional('action', {
          choices: ['up', 'check', 'down'] as const,
          demandOption: true,
          describe: 'up: build it; check: send packets through it; down: take it away',
        }),
      ),
    )
      .option('name', {
        type: 'string',
        describe: 'A name, to have several; down without one takes all away',
        defaultDescription: 'default',
      })
      .option('timeout', {
        type: 'number',
        default: 15,
        describe: 'check: how many seconds to wait for an answer, for the first packet brings the tunnel up',
      })
      .example('sudo $0 lab up && sudo $0 lab check; sudo $0 lab down', 'does the plan work on a real kernel?'),
  run: async (given) => (await import('./run-lab.ts')).runLab(given),
})
