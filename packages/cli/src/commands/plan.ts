import { command, findingOption, inputOptions, outputOption } from './command.ts'

export const plan = command({
  name: 'plan [plan]',
  about: 'Print overlaps, the NAT mapping, what each site sees, and what changes',
  options: (parser) =>
    findingOption(
      outputOption(
        inputOptions(parser.positional('plan', { type: 'string', describe: 'The plan file (same as --file)' })),
      ),
    )
      .option('save', { type: 'boolean', describe: 'Write the lock, so that nothing is renumbered later' })
      .option('check', {
        type: 'boolean',
        describe: 'Exit with status 1 when the lock is not up to date with the plan',
      })
      .conflicts('save', 'check')
      .example('$0 plan', 'plan natplan.yaml')
      .example('$0 plan --check', 'for pipelines: is the lock up to date?')
      .example('$0 plan --site a=10.0.1.0/24 --site b=10.0.1.0/24', 'plan without a file'),
  run: async (given) => (await import('./run-plan.ts')).runPlan(given),
})
