/** `lambdacheck completion`: commands and options for the shell, as they are now. */
import { Argument, type Command } from 'commander'
import { completionScript, type CommandWords } from '../completion-script.ts'

/** Shells for which `completion` writes a script. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const

/** Prints a script for the shell: `source <(lambdacheck completion bash)`. */
export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'shell to write the script for').choices(SHELLS))
    .description('print a shell script that completes commands and options')
    .action((shell: (typeof SHELLS)[number]) => {
      process.stdout.write(completionScript(shell, wordsOf(program)))
    })
}

function wordsOf(command: Command): CommandWords {
  return {
    name: command.name(),
    summary: command.description(),
    options: command.options.flatMap(one =>
      one.long ? [{ flag: one.long, text: one.description, choices: one.argChoices ?? [] }] : [],
    ),
    commands: command.commands.map(wordsOf),
  }
}
