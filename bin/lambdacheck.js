#!/usr/bin/env node
import { main } from '../dist/cli/main.js'

const code = await main(process.argv.slice(2))
process.exitCode = code
// A worker that hangs must not keep the command from ending; what is still being printed may.
setTimeout(() => process.stdout.write('', () => process.exit(code)), 2000).unref()
