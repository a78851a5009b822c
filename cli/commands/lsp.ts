/** `lambdacheck lsp`: a language server on standard input and output. */
import type { Command } from 'commander'
import { lint } from '../../analyzer/lint.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { readLintSettings, type LintSettings } from '../lint-settings.ts'
import { createReader, framed } from '../lsp/framing.ts'
import { createServer, type Server, type ServerParts } from '../lsp/server.ts'
import { packageVersion } from '../package-file.ts'

/** Exit codes: 0 after `shutdown` and `exit`, 1 for an `exit` or an end of the input without it. */
export function registerLsp(program: Command): void {
  program
    .command('lsp')
    .description('run a language server: findings, fixes and rule pages in an editor')
    .option('--stdio', 'speak on standard input and output, which it always does')
    .option(
      '--config <file>',
      'configuration file, relative to the project; code is run, with its rules, only when it is named',
    )
    .action(async ({ config }: { readonly config?: string }) => {
      process.exitCode = await serve(config)
    })
}

async function serve(named: string | undefined): Promise<number> {
  const server = lintServer({
    named,
    version: packageVersion(),
    send: message => process.stdout.write(framed(message)),
  })
  const read = createReader()
  for await (const chunk of process.stdin) {
    for (const message of read(chunk)) {
      // Requests are answered while a project is being linted.
      if (message.id === undefined && message.method !== 'exit') void server.take(message)
      else {
        const code = await server.take(message)
        if (code !== undefined) return code
      }
    }
  }
  return 1
}

/** The server; `named` is the configuration of the project, which is code when whoever started the server says so. */
export function lintServer({
  named,
  version,
  send,
}: { readonly named: string | undefined } & Pick<ServerParts, 'version' | 'send'>): Server {
  let ownPages: LintSettings['ownPages'] = {}
  return createServer({
    version,
    lint: async root => {
      // What is opened in an editor is not to be run by opening it.
      const { config, levels, ownPages: pages } = await readLintSettings(root, { named, code: false })
      ownPages = pages
      const preset = config.preset ?? 'recommended'
      const { findings } = await lint({ root, paths: [], templates: [], preset, levels, config, cache: false })
      return findings.filter(one => one.suppressed === undefined)
    },
    pageOf: rule => {
      const page = loadSpec().rules[rule] ?? ownPages[rule]
      return page && `**${page.id}** ${page.title}\n\n${page.markdown.trim()}`
    },
    send,
  })
}
