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
          describe: 'up: build it; check: send packets through it; down: remove it',
        }),
      ),
    )
      .option('name', {
        type: 'string',
        describe: 'The name of the lab, so that there can be several; down without a name removes all',
        defaultDescription: 'default',
      })
      .option('timeout', {
        type: 'number',
        default: 15,
        describe: 'check: how many seconds to wait for an answer; the first packet has to bring the tunnel up',
      })
      .example('sudo $0 lab up && sudo $0 lab check; sudo $0 lab down', 'does the plan work on a real kernel?'),
  run: async (given) => (await import('./run-lab.ts')).runLab(given),
})
