/**
 * Grammars of languages that are not TypeScript, as tree-sitter's WebAssembly builds: Terraform's HCL and Python.
 * Loading one takes some milliseconds and is asynchronous; parsing is not. Nothing is loaded for a project that has no
 * such file.
 */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Node, Parser, Tree } from 'web-tree-sitter'

/** A language that tree-sitter parses here. */
export type GrammarName = 'terraform' | 'python'
/** A node of a tree of tree-sitter. */
export type SyntaxNode = Node
/** A tree of tree-sitter. */
export type SyntaxTree = Tree

/**
 * What reads the grammars; a published lambdacheck brings it along in `grammars/`, for its package weighs 4.6 MB, and
 * this 0.4.
 */
export const RUNTIME_FILES = ['web-tree-sitter.js', 'web-tree-sitter.wasm'] as const

/** Where the packages keep the builds; a published lambdacheck brings them along in `grammars/`. */
export const GRAMMAR_BUILDS: { readonly [name in GrammarName]: string } = {
  terraform: '@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-terraform.wasm',
  python: 'tree-sitter-python/tree-sitter-python.wasm',
}

const parsers = new Map<GrammarName, Parser>()
let ready: Promise<typeof import('web-tree-sitter')> | undefined

/** Loads grammars, each once in a process. Throws when the installation lacks one. */
export async function loadGrammars(names: readonly GrammarName[]): Promise<void> {
  const missing = names.filter(name => !parsers.has(name))
  if (!missing.length) return
  ready ??= startRuntime()
  const { Language, Parser } = await ready
  for (const name of missing) {
    const parser = new Parser()
    parser.setLanguage(await Language.load(readFileSync(buildOf(name))))
    parsers.set(name, parser)
  }
}

/** Whether texts of a language can be parsed. */
export const isLoaded = (name: GrammarName): boolean => parsers.has(name)

/**
 * Parses a text; offsets of the tree are UTF-16 units. Broken text gives a tree with `ERROR` nodes, never an exception.
 * The tree lives outside the garbage collector: whoever asked for it calls `delete()`.
 */
export function parseWith(name: GrammarName, text: string): SyntaxTree {
  const parser = parsers.get(name)
  if (!parser) throw new Error(`the grammar of ${name} was not loaded`)
  const tree = parser.parse(text)
  if (!tree) throw new Error(`the grammar of ${name} gave no tree`)
  return tree
}

async function startRuntime(): Promise<typeof import('web-tree-sitter')> {
  const published = publishedFile(RUNTIME_FILES[0])
  const runtime: typeof import('web-tree-sitter') = await import(
    published === undefined ? 'web-tree-sitter' : pathToFileURL(published).href
  )
  await runtime.Parser.init()
  return runtime
}

function buildOf(name: GrammarName): string {
  return publishedFile(`${name}.wasm`) ?? createRequire(import.meta.url).resolve(GRAMMAR_BUILDS[name])
}

/** Its path in the `grammars` folder of the built package; undefined in the sources. */
function publishedFile(name: string): string | undefined {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const published = join(folder, 'grammars', name)
    if (existsSync(published)) return published
    if (folder === dirname(folder)) return undefined
  }
}
