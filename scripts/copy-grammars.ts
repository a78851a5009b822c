/**
 * Puts the grammars that the analyzer reads, and the WebAssembly that reads them, beside the built code: the packages
 * that carry them are large.
 */
import { copyFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { GRAMMAR_BUILDS, RUNTIME_FILES } from '../analyzer/grammars/grammars.ts'

const target = new URL('../dist/grammars/', import.meta.url)
const { resolve } = createRequire(import.meta.url)

mkdirSync(target, { recursive: true })
for (const [name, build] of Object.entries(GRAMMAR_BUILDS))
  copyFileSync(resolve(build), new URL(`${name}.wasm`, target))
const runtime = path.dirname(resolve('web-tree-sitter'))
for (const name of RUNTIME_FILES) copyFileSync(path.join(runtime, name), new URL(name, target))
