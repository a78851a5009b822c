import { readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { ROOT } from './cli/run-cli.ts'

/** Sources of what `exports` of package.json publishes. */
const ENTRIES = ['cli/index.ts', 'suites/run/suite.ts', 'suites/run/vitest-setup.ts']

/** Every declaration that a file exports, its own and those that it hands on, with the comment above it. */
function exportsOf(file: string): readonly (readonly [name: string, comment: string])[] {
  const tree = ts.createSourceFile(file, readFileSync(path.join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true)
  return tree.statements.flatMap(statement => {
    if (ts.isExportDeclaration(statement)) {
      const { moduleSpecifier: from, exportClause } = statement
      // A module as one name: what it has is published at its own entry.
      if (exportClause && ts.isNamespaceExport(exportClause))
        return [[exportClause.name.text, commentOf(statement)] as const]
      if (!from || !ts.isStringLiteral(from) || !exportClause || !ts.isNamedExports(exportClause))
        throw new Error(`${file}: say by name what is handed on`)
      const names = exportClause.elements.map(element => (element.propertyName ?? element.name).text)
      return exportsOf(path.join(path.dirname(file), from.text)).filter(([name]) => names.includes(name))
    }
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : []
    if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return []
    return namesOf(statement).map(name => [name, commentOf(statement)] as const)
  })
}

/** The text right above a statement. */
function commentOf(statement: ts.Node): string {
  const text = statement.getSourceFile().text
  return (ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? [])
    .map(({ pos, end }) => text.slice(pos, end))
    .join('\n')
}

function namesOf(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map(({ name }) => name.getText())
  return 'name' in statement && statement.name !== undefined ? [(statement.name as ts.Identifier).text] : ['default']
}

describe.each(ENTRIES)('%s', file => {
  const published = exportsOf(file)

  test('exports something', () => expect(published).not.toEqual([]))

  test.each(published)('%s says what it is and since when', (_, comment) => {
    expect(comment).toMatch(/\/\*\*\s+\*?\s*\S/)
    expect(comment).toMatch(/@since \d+\.\d+\.\d+/)
  })
})
