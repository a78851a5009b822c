import { ts } from '../application/typescript.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext } from '../engine/rule.ts'
import { importOf } from '../syntax/syntax.ts'
import { each } from '../application/walk.ts'

/** What takes long to load as a whole, and what to load instead. */
const WHOLE: { readonly [module: string]: string } = {
  'aws-sdk':
    'Load the client alone (aws-sdk/clients/s3), or better, use the SDK v3, which has a package for each service',
  lodash: 'Load the functions that are used (lodash/groupBy)',
}

/** A whole library loaded for one part of it, with every start of an environment. */
export const rule = defineRule({
  id: 'sdk-whole-import',
  file(file, code) {
    if (!code.functions.length || code.functions.some(fn => fn.packaging.bundler !== 'none')) return
    for (const one of file.imports) {
      const instead = Object.hasOwn(WHOLE, one.specifier) ? WHOLE[one.specifier] : undefined
      if (
        instead === undefined ||
        (one.kind !== 'import' && one.kind !== 'require') ||
        !loadsForParts(one.specifier, code)
      )
        continue
      code.report({
        at: one.loc,
        message: `The whole of ${one.specifier} is loaded before the first invocation of each environment`,
        help: instead,
      })
    }
  },
})

/** Whether the file uses members of the module alone: something may need it whole, such as a tracer that wraps it. */
function loadsForParts(module: string, { file }: CodeContext): boolean {
  let parts = 0
  let whole = false
  const isMember = (node: ts.Node): node is ts.PropertyAccessExpression =>
    ts.isPropertyAccessExpression(node) &&
    ts.isIdentifier(node.expression) &&
    importOf(node.expression)?.module === module
  const isLoading = (node: ts.Node): node is ts.CallExpression =>
    ts.isCallExpression(node) && importOf(node)?.module === module
  const visit = (node: ts.Node): void => {
    if (isMember(node)) {
      if (/^(config|Config|Credentials|\w+Credentials)$/.test(node.name.text)) whole = true
      else parts++
    } else if (ts.isIdentifier(node)) {
      const made = isDeclaration(node) ? undefined : importOf(node)
      if (made?.module !== module) return
      if (made.name === '*' || made.name === 'default') whole = true
      else parts++
    } else if (isLoading(node)) {
      const { parent } = node
      if (!ts.isVariableDeclaration(parent) && !ts.isPropertyAccessExpression(parent)) whole = true
    }
  }
  each(
    file.ast,
    visit,
    node => !ts.isImportDeclaration(node) && !ts.isExportDeclaration(node) && !isMember(node) && !isLoading(node),
  )
  return parts > 0 && !whole
}

const isDeclaration = (node: ts.Identifier): boolean => {
  const { parent } = node
  return (
    ((ts.isVariableDeclaration(parent) || ts.isBindingElement(parent)) &&
      (parent.name === node || ('propertyName' in parent && parent.propertyName === node))) ||
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node)
  )
}
