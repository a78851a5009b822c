/** The command line. Commands are loaded when they are asked for, so that help is there at once. */
import { UserError } from '../base/user-error.ts'
import { messageOf } from '../base/message-of.ts'
import { Command, CommanderError } from 'commander'
import { packageVersion } from './package-file.ts'

interface CommandEntry {
  readonly name: string
  readonly summary: string
  load(): Promise<(program: Command) => void>
}

/** In the order of the help. Summaries stand here so that help need not load what it lists; a test compares them. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'certify',
    summary: 'run the suites against an endpoint and say what it can be certified for',
    load: async () => (await import('./commands/certify.ts')).registerCertify,
  },
  {
    name: 'reproduce',
    summary: 'run one failure again by itself, and say whether it still fails',
    load: async () => (await import('./commands/reproduce.ts')).registerReproduce,
  },
  {
    name: 'lint',
    summary: 'check handlers, templates and policies against the pages',
    load: async () => (await import('./commands/lint.ts')).registerLint,
  },
  {
    name: 'lsp',
    summary: 'run a language server: findings, fixes and rule pages in an editor',
    load: async () => (await import('./commands/lsp.ts')).registerLsp,
  },
  {
    name: 'rules',
    summary: 'list the rules of the linter',
    load: async () => (await import('./commands/lint-rules.ts')).registerRules,
  },
  {
    name: 'explain',
    summary: 'print the page of a rule: why it matters, when it does not, and examples',
    load: async () => (await import('./commands/lint-rules.ts')).registerExplain,
  },
  {
    name: 'serve',
    summary: 'run the embedded Lambda endpoint',
    load: async () => (await import('./commands/serve.ts')).registerServe,
  },
  {
    name: 'audit',
    summary: 'check recorded traffic against the pages; sends nothing',
    load: async () => (await import('./commands/audit.ts')).registerAudit,
  },
  {
    name: 'report',
    summary: 'render, compare and join evidence',
    load: async () => (await import('./commands/report.ts')).registerReport,
  },
  {
    name: 'site',
    summary: 'write a static site: endpoints by profile, their history, changes, badges',
    load: async () => (await import('./commands/site.ts')).registerSite,
  },
  {
    name: 'spec',
    summary: 'check and show the pages, and what of the guide they cover',
    load: async () => (await import('./commands/spec.ts')).registerSpec,
  },
  {
    name: 'compile',
    summary: 'write the suites as test files for your own Vitest',
    load: async () => (await import('./commands/compile.ts')).registerCompile,
  },
  {
    name: 'probes',
    summary: 'write the functions that the suites invoke',
    load: async () => (await import('./commands/probes.ts')).registerProbes,
  },
  {
    name: 'init',
    summary: 'write a configuration and a workflow to start from',
    load: async () => (await import('./commands/init.ts')).registerInit,
  },
  {
    name: 'completion',
    summary: 'print a shell script that completes commands and options',
    load: async () => (await import('./commands/completion.ts')).registerCompletion,
  },
  {
    name: 'clean',
    summary: 'delete what runs have left on an endpoint',
    load: async () => (await import('./commands/clean.ts')).registerClean,
  },
]

/** Runs the command line (without node and script) and gives the exit code: 0, 1, 2, 3 or 130. Never throws. */
export async function main(args: readonly string[]): Promise<number> {
  // Whoever reads along may have seen enough: `lambdacheck spec show X | head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2))
  try {
    setColor(args)
    const program = await programFor(args)
    process.exitCode = 0
    await program.parseAsync(args, { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    return await exitCodeOf(error)
  }
}

/** The program with its commands; those that `args` do not name are there by name and summary alone. */
export async function programFor(args: readonly string[]): Promise<Command> {
  const program = new Command('lambdacheck')
    .description(
      "AWS Lambda's documentation as executable checks: for endpoints that say they are Lambda, " +
        'and for code that runs on it.',
    )
    .version(packageVersion(), '-V, --version', 'print the version')
    .option('--color', 'use color even if the output is not a terminal')
    .option('--no-color', 'use no color (as does NO_COLOR)')
    .helpOption('-h, --help', 'print help for a command')
    .helpCommand('help [command]', 'print help for a command')
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
  const wanted = new Set(args.filter(one => !one.startsWith('-')))
  for (const entry of COMMANDS) {
    // Whoever completes has to know the options of all.
    if (!wanted.has(entry.name) && !wanted.has('completion')) program.command(entry.name).description(entry.summary)
    else (await entry.load())(program)
  }
  inherit(program)
  return program
}

/** Commands that are added later do not take over how the program ends and suggests. */
function inherit(command: Command): void {
  for (const one of command.commands) {
    one.copyInheritedSettings(command)
    inherit(one)
  }
}

/** Libraries look at the environment, and as soon as they are loaded. */
function setColor(args: readonly string[]): void {
  if (args.includes('--no-color')) {
    delete process.env['FORCE_COLOR']
    process.env['NO_COLOR'] = '1'
  } else if (args.includes('--color')) {
    delete process.env['NO_COLOR']
    process.env['FORCE_COLOR'] = '1'
  }
}

async function exitCodeOf(error: unknown): Promise<number> {
  if (error instanceof CommanderError) {
    // Commander has printed its message, or the help that was asked for; help that was not asked for is a mistake in
    // the command line.
    if (error.code === 'commander.help') return 2
    return error.exitCode === 1 ? 2 : error.exitCode
  }
  process.stderr.write(await described(error))
  return error instanceof UserError ? error.exitCode : 2
}

/** What a person reads of an error. It may quote an endpoint or a file, and these may hold anything. */
async function described(error: unknown): Promise<string> {
  if (process.env['LAMBDACHECK_DEBUG'] === '1' && error instanceof Error) return `${error.stack ?? error.message}\n`
  const { plain } = await import('../reports/plain.ts')
  if (!(error instanceof UserError)) {
    const [first = ''] = messageOf(error).split('\n')
    return `error: ${plain(first)} (this is a defect of lambdacheck; LAMBDACHECK_DEBUG=1 shows where)\n`
  }
  const hint = error.hint === undefined ? '' : `hint: ${plain(error.hint)}\n`
  return `error: ${plain(error.message, 20_000)}\n${hint}`
}
