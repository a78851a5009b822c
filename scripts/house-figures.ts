/**
 * `npm run figures [COMMIT]`: counts what makes a house hard to take over, in this checkout and, beside it, in an
 * earlier commit.
 * Figures of sources leave out tests and fixtures; those of pages count the rows of member tables.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { globSync } from 'tinyglobby'
import ts from 'typescript'

type Figures = { readonly [name: string]: number }

const SOURCES = '{base,config,spec,suites,reports,analyzer,reference,cli}/**/*.ts'
const NO_SOURCE = [
  '**/*.test.ts',
  '{base,analyzer,reports,spec/compiler,suites/probes}/fixtures/**',
  'suites/testing/**',
  'analyzer/rules/index.ts',
]

/** The figures of the checkout below `root`. */
export function figuresOf(root: string): Figures {
  const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')
  const files = globSync(SOURCES, { cwd: root, ignore: NO_SOURCE })
  const trees = files.map(file => ({ file, tree: ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true) }))
  const total = (count: (node: ts.Node) => boolean): number =>
    trees.reduce((sum, { tree }) => sum + matching(tree, count), 0)
  return {
    'member rows on pages': globSync('spec/{api,types}/*.md', { cwd: root }).reduce(
      (sum, file) => sum + memberRows(read(file)),
      0,
    ),
    'source files': files.length,
    'casts (without `as const`)': total(
      node => ts.isAsExpression(node) && node.type.getText() !== 'const' && !ts.isImportSpecifier(node.parent),
    ),
    'non-null assertions': total(ts.isNonNullExpression),
    'lines over 120 columns': files.reduce(
      (sum, file) =>
        sum +
        read(file)
          .split('\n')
          .filter(line => line.length > 120).length,
      0,
    ),
    'nested ternaries': total(node => ts.isConditionalExpression(node) && ts.isConditionalExpression(unwrapped(node))),
    'exported things without docstring': trees.reduce(
      (sum, { tree }) => sum + tree.statements.filter(isBareExport).filter(isOfItsOwn).length,
      0,
    ),
    'folders that import each other': folderCycles(trees),
    'functions of 80 lines and more': total(
      node => ts.isFunctionLike(node) && lineOf(node, node.getEnd()) - lineOf(node, node.getStart()) >= 79,
    ),
  }
}

const lineOf = (node: ts.Node, at: number): number => node.getSourceFile().getLineAndCharacterOfPosition(at).line

/** The branch of a ternary that is one itself, else its condition. */
function unwrapped(node: ts.ConditionalExpression): ts.Node {
  const branches = [node.whenFalse, node.whenTrue].map(bare)
  return branches.find(ts.isConditionalExpression) ?? node.condition
}

function bare(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) ? bare(node.expression) : node
}

function matching(node: ts.Node, count: (node: ts.Node) => boolean): number {
  let found = count(node) ? 1 : 0
  ts.forEachChild(node, child => {
    found += matching(child, count)
  })
  return found
}

function isBareExport(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : []
  if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return false
  return ts.getJSDocCommentsAndTags(statement).length === 0
}

/** Overloads, and what implements them, have the docstring of the first. */
function isOfItsOwn(statement: ts.Statement): boolean {
  if (!ts.isFunctionDeclaration(statement)) return true
  const siblings = statement.getSourceFile().statements.filter(ts.isFunctionDeclaration)
  return siblings.find(one => one.name?.text === statement.name?.text) === statement
}

function memberRows(page: string): number {
  let inside = false
  let rows = 0
  for (const line of page.split('\n')) {
    if (/^\| Member \|/.test(line)) inside = true
    else if (!line.startsWith('|')) inside = false
    else if (inside && !/^\| -/.test(line)) rows++
  }
  return rows
}

/**
 * Pairs of folders, at any depth, whose files import each other's. Types count: a reader has to follow them as well.
 */
function folderCycles(trees: readonly { readonly file: string; readonly tree: ts.SourceFile }[]): number {
  const arrows = new Set<string>()
  for (const { file, tree } of trees) {
    const from = path.posix.dirname(file)
    for (const statement of tree.statements) {
      const target = ts.isImportDeclaration(statement) ? statement.moduleSpecifier : undefined
      if (target === undefined || !ts.isStringLiteral(target) || !target.text.startsWith('.')) continue
      const to = path.posix.dirname(path.posix.join(from, target.text))
      if (to !== from) arrows.add(`${from} ${to}`)
    }
  }
  return [...arrows].filter(arrow => {
    const [from, to] = arrow.split(' ')
    return (from ?? '') < (to ?? '') && arrows.has(`${to} ${from}`)
  }).length
}

/** The files of a commit in a folder of their own, for as long as `use` takes. */
function withCommit<T>(root: string, commit: string, use: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), 'lambdacheck-figures-'))
  try {
    const archive = execFileSync('git', ['archive', commit], { cwd: root, maxBuffer: 1 << 29 })
    execFileSync('tar', ['-x', '-C', folder], { input: archive })
    return use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (process.argv[1]?.endsWith('house-figures.ts')) {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const [commit = '8cd89d1'] = process.argv.slice(2)
  const before = withCommit(root, commit, figuresOf)
  console.log(`| | ${commit} | now |\n| --- | --- | --- |`)
  for (const [name, now] of Object.entries(figuresOf(root))) console.log(`| ${name} | ${before[name]} | ${now} |`)
}
