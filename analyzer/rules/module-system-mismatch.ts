import type { CodeFile } from '../application/code.ts'
import { locOf } from '../application/code.ts'
import type { Application } from '../application/model.ts'
import { ts } from '../application/typescript.ts'
import { defineRule } from '../engine/rule.ts'
import { isGlobal } from '../syntax/syntax.ts'
import { find } from '../application/walk.ts'
import { nodeMajor } from '../packaging/packages.ts'

/**
 * Node.js 20.19 and 22.7 find out by themselves what a file is (tried with 20.20.2); whether Lambda lets them is not
 * known.
 */
const MAY_DETECT = 20

/**
 * `import` in a file that Node.js reads as CommonJS, or `exports` and `require` in one that it reads as a module: it
 * does not load.
 */
export const rule = defineRule({
  id: 'module-system-mismatch',
  fn(fn, { app, report }) {
    const { entry } = fn
    if (!entry || fn.packaging.bundler !== 'none') return
    const major = nodeMajor(fn.runtime.string())
    if (major === undefined || /detect-module|require-module/.test(fn.environment.at('NODE_OPTIONS').string() ?? ''))
      return
    for (const file of entry.files) {
      if (file.generated || isBuilt(file)) continue
      const system = systemOf(file, app)
      if (system === undefined) continue
      const wrong = system === 'commonjs' ? moduleSyntax(file) : commonSyntax(file)
      if (!wrong) continue
      const manifest = manifestOf(file, app)
      const name = wrong.getText().split(/[\s({.;]/)[0] ?? ''
      report({
        at: locOf(file, wrong),
        message:
          system === 'commonjs'
            ? `${file.path} is read as CommonJS, which has no ${name}: ${fn.id} fails when it is loaded`
            : `${file.path} is read as a module, which has no ${name}: ${fn.id} fails when it is loaded`,
        help:
          system === 'commonjs'
            ? `Call the file .mjs, or write "type": "module" into ${manifest?.path ?? 'a package.json beside it'}`
            : `Call the file .cjs, or write ${name === 'require' ? 'import' : 'export'}`,
        related: [{ at: fn, message: `${fn.id} is packaged as it stands, without a bundler` }],
        ...(system === 'commonjs' && major >= MAY_DETECT ? { severity: 'warning' as const } : {}),
      })
    }
  },
})

/** A compiler makes something else of it. */
const isBuilt = (file: CodeFile): boolean => !/\.[cm]?js$/.test(file.path)

/** What Node.js takes a file for: by its name, else by the nearest `package.json`. */
function systemOf(file: CodeFile, app: Application): 'module' | 'commonjs' | undefined {
  if (file.path.endsWith('.mjs')) return 'module'
  if (file.path.endsWith('.cjs')) return 'commonjs'
  const manifest = manifestOf(file, app)
  if (manifest?.type === 'module') return 'module'
  return manifest?.isBroken ? undefined : 'commonjs'
}

function manifestOf(
  file: CodeFile,
  app: Application,
): { readonly path: string; readonly type: unknown; readonly isBroken: boolean } | undefined {
  for (let parts = file.path.split('/').slice(0, -1); ; parts = parts.slice(0, -1)) {
    const path = [...parts, 'package.json'].join('/')
    const text = app.files.read(path)
    if (text !== undefined) {
      try {
        const json = JSON.parse(text.replace(/^\uFEFF/, '')) as { type?: unknown; scripts?: object; babel?: unknown }
        // A build may make CommonJS of it.
        const isBroken =
          json.babel !== undefined ||
          /babel|webpack|rollup|esbuild|tsc\b|swc|parcel|vite|tsup/.test(JSON.stringify(json.scripts ?? {}))
        return { path, type: json.type, isBroken }
      } catch {
        return { path, type: undefined, isBroken: true }
      }
    }
    if (!parts.length) return undefined
  }
}

/** The first `import` or `export` of a file. */
const moduleSyntax = (file: CodeFile): ts.Node | undefined =>
  file.ast.statements.find(
    one =>
      ts.isImportDeclaration(one) ||
      ts.isExportDeclaration(one) ||
      ts.isExportAssignment(one) ||
      (ts.canHaveModifiers(one) && ts.getModifiers(one)?.some(it => it.kind === ts.SyntaxKind.ExportKeyword)),
  ) ?? find(file.ast, node => ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword)

/** The first `require`, `exports` or `module.exports` that is not declared in the file, and runs while it is loaded. */
const commonSyntax = (file: CodeFile): ts.Node | undefined =>
  /\brequire\b|\bexports\b/.test(file.source.text)
    ? find(
        file.ast,
        node =>
          (ts.isCallExpression(node) &&
            ts.isIdentifier(node.expression) &&
            node.expression.text === 'require' &&
            isGlobal(node.expression)) ||
          (ts.isPropertyAccessExpression(node) &&
            ts.isIdentifier(node.expression) &&
            (node.expression.text === 'exports' ||
              (node.expression.text === 'module' && node.name.text === 'exports')) &&
            isGlobal(node.expression) &&
            !isAskedFor(node)),
        'own',
      )
    : undefined

/** `typeof module !== 'undefined' && …`: it knows that there may be none. */
function isAskedFor(node: ts.Node): boolean {
  for (let current: ts.Node | undefined = node; current; current = current.parent)
    if (
      (ts.isIfStatement(current) || ts.isBinaryExpression(current) || ts.isConditionalExpression(current)) &&
      /typeof\s+(module|exports)/.test(current.getText())
    )
      return true
  return false
}
