/** The Python of a project as the application knows it; `python/` reads it. */
import type { InlineCode } from './inline-code.ts'
import type { HandlerLookup, LambdaFunction } from './model.ts'
import type { Loc, SourceText } from './source.ts'

/** A node of Python's syntax. */
export interface PyNode {
  /** As the grammar calls it: `call`, `attribute`, `string`, `function_definition`, … */
  readonly type: string
  readonly loc: Loc
  readonly parent: PyNode | undefined
  /** Named children, in the order written. */
  readonly children: readonly PyNode[]
  /** The child of a field (`function` of a call, `body` of a loop); undefined when there is none. */
  field(name: string): PyNode | undefined
}

/** A file that was read. */
export interface PythonFile {
  readonly source: SourceText
  readonly path: string
  readonly root: PyNode
  /** The first place that is not Python. */
  readonly fault: Loc | undefined
  readonly imports: readonly PythonImport[]
  /** Functions by name, methods as `Class.method`; those of functions within functions too. */
  readonly functions: ReadonlyMap<string, PyNode>
  /** Names of the module to what they are bound to, when it happens once. */
  readonly bindings: ReadonlyMap<string, PyNode>
}

/** One name that an import brings into its file. */
export interface PythonImport {
  /** `a.b` of `import a.b` and of `from a.b import c`; with dots in front when it is relative. */
  readonly module: string
  /** `c` of `from a.b import c`; `*` for all; undefined for `import a.b`. */
  readonly name: string | undefined
  /** What it is called in the file: `a` for `import a.b`. */
  readonly local: string
  readonly loc: Loc
}

/** The function that Lambda calls. */
export interface PythonHandler {
  readonly file: PythonFile
  readonly name: string
  /** Its definition; undefined when the name is bound to something that makes one (`handler = Mangum(app)`). */
  readonly node: PyNode | undefined
  /** The functions of templates that name it. */
  readonly functions: readonly LambdaFunction[]
  /** Its own file and those of the project that it imports, directly or not. */
  readonly files: readonly PythonFile[]
  /**
   * Whether a node runs with an invocation: it is in the handler, or in a function that one calls on the way from it.
   */
  isInvoked(node: PyNode): boolean
}

/** All handlers in Python, found as functions of templates ask for them. */
export interface PythonCode {
  /** Ties a function of a template to its handler; undefined when that is not for Python to say. */
  lookUp(fn: LambdaFunction, directory: string, written: string): HandlerLookup
  /** The same for code that stands in the template. */
  lookUpInline(fn: LambdaFunction, inline: InlineCode, written: string): HandlerLookup
  /** Folders below which a file that is no test defines a name in a module, `pkg/main`. */
  homesOf(module: string, name: string): readonly string[]
  /** Whether a path of the project begins so; the empty text begins all of them. */
  hasCodeBelow(prefix: string): boolean
  handlerOf(fn: LambdaFunction): PythonHandler | undefined
  /**
   * Handlers that functions of templates name, and those that their parameters tell where no template speaks of their
   * file.
   */
  handlers(): readonly PythonHandler[]
}
