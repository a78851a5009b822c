/**
 * `lambdacheck init`: a configuration, a workflow and the lines of .gitignore, for an emulator, for a project, or for
 * both.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { type Command, Option } from 'commander'
import { UsageError } from '../../base/usage-error.ts'
import { EMULATORS, filesOf, IGNORED, type Plan } from '../init-files.ts'
import { keysOf } from '../../base/keys-of.ts'

interface InitFlags {
  readonly emulator?: string
  readonly project?: boolean
  readonly preset?: Plan['preset']
  readonly ci?: Plan['ci']
  readonly force?: boolean
}

const EMULATOR_NAMES = keysOf(EMULATORS)

/** Exit codes: 0, also when files were there already and were left alone; 2 when nothing says what to set up. */
export function registerInit(program: Command): void {
  program
    .command('init')
    .description('write a configuration and a workflow to start from')
    .option('--emulator <name|url>', `certify this one: ${EMULATOR_NAMES.join(', ')}, or its url`)
    .option('--project', 'lint the project in this folder')
    .addOption(
      new Option('--preset <name>', 'rules for the project').choices(['recommended', 'strict', 'security', 'all']),
    )
    .addOption(new Option('--ci <name>', 'workflow to write').choices(['github', 'gitlab', 'none']).default('github'))
    .option('--force', 'overwrite existing files')
    .action(async (flags: InitFlags) => {
      const plan = await planOf(flags)
      for (const line of write(process.cwd(), plan, flags.force === true)) process.stdout.write(`${line}\n`)
      process.stdout.write(`\nNext:\n${nextOf(plan)}`)
    })
}

async function planOf(flags: InitFlags): Promise<Plan> {
  const { emulator, project } = flags.emulator || flags.project ? flags : await ask()
  if (emulator !== undefined && !EMULATOR_NAMES.some(one => one === emulator) && !/^https?:\/\//.test(emulator))
    throw new UsageError(
      `--emulator ${emulator}: name one of ${EMULATOR_NAMES.join(', ')}, or its url, such as http://127.0.0.1:4566`,
    )
  return {
    ...(emulator !== undefined && { emulator }),
    project: project === true,
    preset: flags.preset ?? 'recommended',
    ci: flags.ci ?? 'github',
  }
}

/** Two questions, on a terminal alone. */
async function ask(): Promise<{ readonly emulator?: string; readonly project: boolean }> {
  if (!process.stdin.isTTY)
    throw new UsageError('say what to set up: --emulator NAME to certify one, --project to lint this folder, or both')
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const emulator = (
      await terminal.question(`Which emulator shall be certified (${EMULATOR_NAMES.join(', ')}, a url, or nothing)? `)
    ).trim()
    const project = /^(y|yes|)$/i.test((await terminal.question('Lint the project in this folder (Y/n)? ')).trim())
    if (emulator === '' && !project) throw new UsageError('there is nothing to set up then')
    return { ...(emulator !== '' && { emulator }), project }
  } finally {
    terminal.close()
  }
}

/** Writes what is not there yet; a line for each file says what became of it. */
function write(folder: string, plan: Plan, force: boolean): readonly string[] {
  const lines = filesOf(plan).map(([file, text]) => {
    const path = join(folder, file)
    if (existsSync(path) && !force) return `kept     ${file} (--force writes over it)`
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    return `written  ${file}`
  })
  const ignore = join(folder, '.gitignore')
  const before = existsSync(ignore) ? readFileSync(ignore, 'utf8') : ''
  const missing = IGNORED.filter(one => !before.split(/\r?\n/).includes(one))
  if (!missing.length) return lines
  writeFileSync(ignore, `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`)
  return [...lines, `${before === '' ? 'written' : 'added to'}  .gitignore`]
}

const nextOf = ({ emulator, project }: Plan): string =>
  `${emulator === undefined ? '' : '  npx lambdacheck certify --smoke\n'}${project ? '  npx lambdacheck lint\n' : ''}`
