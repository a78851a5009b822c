/** `lambdacheck/lint`: what rules of one's own are written against. What is exported here is kept stable. */
import type { Rule } from './engine/rule.ts'
import { defineRule as checked } from './engine/rule.ts'

export type { CodeFile, Handler } from './application/code.ts'
export type { Application, LambdaFunction, Policy, Resource, Statement, Template } from './application/model.ts'
export type { PyNode, PythonFile, PythonHandler } from './application/python.ts'
export type { Loc, SourceText } from './application/source.ts'
export type { Value } from './application/value.ts'
export type {
  CodeContext,
  Confidence,
  Edit,
  Place,
  PythonContext,
  Repair,
  Report,
  Rule,
  RuleContext,
  Visitors,
} from './engine/rule.ts'
export { addEntry, setValue } from './engine/edit.ts'
/** The TypeScript compiler with whose nodes hooks are called: `ts.isIdentifier(node)`. */
export { ts } from './application/typescript.ts'

/**
 * A rule that a configuration lists in `lint.ownRules`.
 * @since 0.1.0
 */
export interface OwnRule extends Rule {
  /** Its page, a Markdown file with the same front matter as those of `spec/rules/`: a URL, or an absolute path. */
  readonly page: string | URL
}

/**
 * Checks the shape of a rule of one's own at compile time, and its id when it is loaded.
 * @throws Error for an id that is not in kebab-case
 * @since 0.1.0
 * @example
 * export const rule = defineRule({
 *   id: 'acme-name-prefix',
 *   page: new URL('acme-name-prefix.md', import.meta.url),
 *   fn: (fn, { report }) => report({ at: fn, message: `${fn.id} has no name of ours` }),
 * })
 */
export function defineRule(rule: OwnRule): OwnRule {
  checked(rule)
  return rule
}
