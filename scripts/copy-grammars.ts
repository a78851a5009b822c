/** Puts the grammars that the analyzer reads with WebAssembly beside the built code: the packages that carry them are large. */
import { copyFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { GRAMMAR_BUILDS } from '../analyzer/grammars/grammars.ts'

const target = new URL('../dist/grammars/', import.meta.url)
const { resolve } = createRequire(import.meta.url)

mkdirSync(target, { recursive: true })
for (const [name, build] of Object.entries(GRAMMAR_BUILDS))
  copyFileSync(resolve(build), new URL(`${name}.wasm`, target))
