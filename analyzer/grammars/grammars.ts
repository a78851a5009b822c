/**
 * Grammars of languages that are not TypeScript, as tree-sitter's WebAssembly builds: Terraform's HCL and Python. Loading one takes
 * some milliseconds and is asynchronous; parsing is not. Nothing is loaded for a project that has no such file.
 */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Language, Parser } from 'web-tree-sitter'
import type { Node, Tree } from 'web-tree-sitter'

export type GrammarName = 'terraform' | 'python'
export type SyntaxNode = Node
export type SyntaxTree = Tree

/** Where the packages keep the builds; a published lambdacheck brings them along in `grammars/`. */
export const GRAMMAR_BUILDS: { readonly [name in GrammarName]: string } = {
  terraform: '@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-terraform.wasm',
  python: 'tree-sitter-python/tree-sitter-python.wasm',
}

const parsers = new Map<GrammarName, Parser>()
let ready: Promise<void> | undefined

/** Loads grammars, each once in a process. Throws when the installation lacks one. */
export async function loadGrammars(names: readonly GrammarName[]): Promise<void> {
  const missing = names.filter(name => !parsers.has(name))
  if (!missing.length) return
  ready ??= Parser.init()
  await ready
  for (const name of missing) {
    const parser = new Parser()
    parser.setLanguage(await Language.load(readFileSync(buildOf(name))))
    parsers.set(name, parser)
  }
}

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

function buildOf(name: GrammarName): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const published = join(folder, 'grammars', `${name}.wasm`)
    if (existsSync(published)) return published
    if (folder === dirname(folder)) break
  }
  return createRequire(import.meta.url).resolve(GRAMMAR_BUILDS[name])
}
