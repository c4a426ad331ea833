import { command, findingOption, outputOption, planFileOption, routesOption } from './command.ts'

export const verify = command({
  name: 'verify [inputs..]',
  about: 'Prove a plan, or real configurations, for every address',
  options: (parser) =>
    findingOption(
      outputOption(
        planFileOption(
          parser.positional('inputs', {
            type: 'string',
            array: true,
            describe: 'A plan file (same as --file); SITE=FILE or SITE:PLATFORM=FILE: the configuration of a gateway',
          }),
        ),
      ),
    )
      .option('routes', routesOption)
      .option('strict', { type: 'boolean', describe: 'Exit with 1 on risks as well' })
      .example('$0 verify', 'check natplan.yaml and everything generated from it')
      .example(
        '$0 verify cloud=cloud.txt onpremise=other.boot',
        'check two gateways against each other, without a plan',
      )
      .example('$0 verify natplan.yaml cloud=cloud.txt', "check a real gateway against the plan's subnets")
      .epilogue(
        'Exit status: 0 when all is proven, 1 for a fault, 3 when something is not known, or nothing was compared.',
      ),
  run: async (given) => (await import('./run-verify.ts')).runVerify(given),
})
