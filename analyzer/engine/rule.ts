/** What a rule is, and what it is given. */
import type { PyNode, PythonFile, PythonHandler } from '../application/python.ts'
import type { CodeFile, Handler } from '../application/code.ts'
import type { Application, LambdaFunction, Policy, Resource, Statement, Template } from '../application/model.ts'
import type { Loc } from '../application/source.ts'
import type { ts } from '../application/typescript.ts'
import type { NodeByKind } from './nodes.ts'

/**
 * Anything that has a place: a `Value`, a `Resource`, a `LambdaFunction`, an `EventSource`, a `Statement`, a syntax
 * node, a `Loc`.
 */
export type Place = Loc | { readonly loc: Loc } | ts.Node

/**
 * `certain`: it follows from what is written. `likely`: it rests on what such code mostly means, and is never an
 * error.
 */
export type Confidence = 'certain' | 'likely'

/** A finding as a rule reports it. */
export interface Report {
  readonly at: Place
  /** What is wrong here, one sentence, with the figures and names of this place. */
  readonly message: string
  /** What to do. */
  readonly help?: string
  /** The other ends: the template behind the code, the queue behind the timeout, the default of a parameter. */
  readonly related?: readonly { readonly at: Place; readonly message: string }[]
  readonly fixes?: readonly Repair[]
  /** Less than the rule's own, where this case is less sure. */
  readonly severity?: 'warning' | 'info'
  /** Where it is not the rule's own; a lowered severity alone makes a finding `likely`. */
  readonly confidence?: Confidence
  /**
   * Right, and of use to few: said by the preset `strict`, and by whoever configures the rule, although its rule is in
   * other presets too.
   */
  readonly isMinor?: boolean
}

/** A change that mends a finding. */
export interface Repair {
  readonly description: string
  /** `fix` only when it is certain to be right: `--fix` applies it unasked. */
  readonly kind: 'fix' | 'suggestion'
  readonly edits: readonly Edit[]
}

/** Replaces what stands at a place (`start` = `end`: inserts). */
export interface Edit {
  readonly loc: Loc
  readonly text: string
}

/** What a rule may ask, and where it reports. */
export interface RuleContext {
  readonly app: Application
  /**
   * The figure of a row of `spec/quotas.md`. Throws for an id that is not there: a misspelt id is a bug of the rule.
   */
  quota(id: string): number
  /** What the configuration gives the rule; undefined when nothing. */
  readonly options: unknown
  report(finding: Report): void
  /**
   * In an `application` hook: from here on it looks at this one, and what it reports is about it. Without it nothing
   * can be said to hold.
   */
  turnTo(subject: Resource | LambdaFunction): void
  /**
   * Whether another rule, which says the same of this place, is on there: one cause is one finding. What this rule looks
   * at has then not passed; that the other one tells is the reason.
   */
  leaveTo(rule: string, at: Report['at']): boolean
}

/** The same for a rule that looks at a file of code. */
export interface CodeContext extends RuleContext {
  readonly file: CodeFile
  /** Handlers that reach the file. */
  readonly handlers: readonly Handler[]
  /** Functions of templates whose handlers reach the file. */
  readonly functions: readonly LambdaFunction[]
  /**
   * Whether a node runs with every invocation: it is in a handler or in a function that one reaches by calls. Code at
   * module scope runs once for an execution environment, and is not.
   */
  inHandler(node: ts.Node): boolean
  /** Functions of templates that run a node: with an invocation, or when their environment starts. */
  functionsReaching(node: ts.Node): readonly LambdaFunction[]
  /** The type checker. Costs a second the first time: ask only when the syntax already makes a candidate. */
  types(): ts.TypeChecker
  /** Says that the types of a package would have been needed, and are not installed: one note tells of all of them. */
  missTypes(module: string): void
}

/** The same for a rule that looks at a file of Python. */
export interface PythonContext extends RuleContext {
  readonly file: PythonFile
  /** Handlers that reach the file. */
  readonly handlers: readonly PythonHandler[]
  /** Functions of templates whose handlers reach the file. */
  readonly functions: readonly LambdaFunction[]
  /** Whether a node runs with every invocation, not once for an execution environment. */
  isInvoked(node: PyNode): boolean
}

/** What a rule does at nodes of these kinds. */
export type Visitors = { readonly [kind in keyof NodeByKind]?: (node: NodeByKind[kind], code: CodeContext) => void }

/**
 * One check. Its severity, category, presets, title and examples stand on its page `spec/rules/<id>.md`. Every hook is
 * called in any order and keeps no state between calls; state for one file can hang on the `CodeContext` (a `WeakMap`).
 */
export interface Rule {
  readonly id: string
  /** Once, with everything. */
  readonly application?: (app: Application, context: RuleContext) => void
  readonly template?: (template: Template, context: RuleContext) => void
  /** For each resource of a type (CloudFormation's name), in whatever the template is written. */
  readonly resource?: { readonly [type: string]: (resource: Resource, context: RuleContext) => void }
  /** For each function of each template. */
  readonly fn?: (fn: LambdaFunction, context: RuleContext) => void
  readonly policy?: (policy: Policy, context: RuleContext) => void
  readonly statement?: (statement: Statement, policy: Policy, context: RuleContext) => void
  /** For each handler, of a template or found by its signature; `code` is the file in which its `fn` stands. */
  readonly handler?: (handler: Handler, code: CodeContext) => void
  /** For each file that a handler reaches. */
  readonly file?: (file: CodeFile, code: CodeContext) => void
  /** For each Python file that a handler reaches. */
  readonly python?: (code: PythonContext) => void
  /** Nodes of the files that handlers reach, in one pass over the tree. */
  readonly visit?: Visitors
}

/** Checks the shape of a rule at compile time, and its id when it is loaded. */
export function defineRule(rule: Rule): Rule {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(rule.id))
    throw new Error(`rule id ${JSON.stringify(rule.id)} is not in kebab-case`)
  return rule
}
