#!/usr/bin/env node
// The linter is started often, and starts from few files; everything else from what was built.
const { main } = await import(process.argv[2] === 'lint' ? '../dist/bundle/main.js' : '../dist/cli/main.js')

const code = await main(process.argv.slice(2))
process.exitCode = code
// A worker that hangs must not keep the command from ending; what is still being printed may.
setTimeout(() => process.stdout.write('', () => process.exit(code)), 2000).unref()
