/** `lambdacheck lsp`: a language server on standard input and output. */
import type { Command } from 'commander'
import { lint } from '../../analyzer/lint.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { readLintSettings } from '../lint-settings.ts'
import { createReader, framed } from '../lsp/framing.ts'
import { createServer } from '../lsp/server.ts'
import { packageVersion } from '../package-file.ts'

/** Exit codes: 0 after `shutdown` and `exit`, 1 for an `exit` or an end of the input without it. */
export function registerLsp(program: Command): void {
  program
    .command('lsp')
    .description('run a language server: findings, fixes and rule pages in an editor')
    .option('--stdio', 'speak on standard input and output, which it always does')
    .action(async () => {
      process.exitCode = await serve()
    })
}

async function serve(): Promise<number> {
  const server = createServer({
    version: packageVersion(),
    lint: async root => {
      // What is opened in an editor is not to be run by opening it.
      const { config, levels } = await readLintSettings(root, { code: false })
      const preset = config.preset ?? 'recommended'
      const { findings } = await lint({ root, paths: [], templates: [], preset, levels, config, cache: false })
      return findings.filter(one => one.suppressed === undefined)
    },
    pageOf: rule => {
      const page = loadSpec().rules[rule]
      return page && `**${page.id}** ${page.title}\n\n${page.markdown.trim()}`
    },
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
