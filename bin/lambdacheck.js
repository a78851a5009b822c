#!/usr/bin/env node
import module from 'node:module'

// Keeps what V8 makes of the sources between runs; Node.js 22 and newer.
module.enableCompileCache?.()

const { main } = await import('../dist/cli/main.js')
process.exitCode = await main(process.argv.slice(2))
