import { command } from './command.ts'

export const completion = command({
  name: 'completion [shell]',
  about: 'Print a script that completes commands, options, sites, codes and files',
  options: (parser) =>
    parser
      .positional('shell', {
        choices: ['bash', 'zsh', 'fish'] as const,
        describe: 'The shell',
        defaultDescription: 'from $SHELL, otherwise bash',
      })
      .example('$0 completion bash >> ~/.bashrc', 'for bash')
      .example('$0 completion zsh >> ~/.zshrc', 'for zsh, after compinit')
      .example('$0 completion fish > ~/.config/fish/completions/natplan.fish', 'for fish'),
  run: async (given) => (await import('./run-completion.ts')).runCompletion(given),
})
