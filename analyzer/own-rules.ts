/** The rules that a configuration brings along, each with its page. */
import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isObject } from '../base/is-object.ts'
import { didYouMean } from '../base/suggest.ts'
import { compilePages } from '../spec/compiler/compile-pages.ts'
import type { RulePage } from '../spec/model.ts'
import type { Rule } from './engine/rule.ts'

/** Rules of a configuration, and what is wrong with them. */
export interface OwnRules {
  readonly rules: readonly Rule[]
  /** By id; `source.file` is absolute. */
  readonly pages: { readonly [id: string]: RulePage }
  /** A sentence for each thing that is wrong. */
  readonly problems: readonly string[]
}

const HOOKS = ['application', 'template', 'fn', 'policy', 'statement', 'handler', 'file', 'python']
/** Hooks by type of resource and by kind of node. */
const HOOK_MAPS = ['resource', 'visit']
const ALL_HOOKS = [...HOOKS, ...HOOK_MAPS]
const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

/**
 * Reads `lint.ownRules`, which may hold anything.
 * @param taken ids and former ids of the rules that are there already
 */
export function readOwnRules(listed: unknown, taken: ReadonlySet<string>): OwnRules {
  const rules: Rule[] = []
  const pages: { [id: string]: RulePage } = {}
  const problems: string[] = []
  const ids = new Set(taken)
  for (const [index, one] of (Array.isArray(listed) ? listed : []).entries()) {
    const at = `lint.ownRules[${index}]`
    const wrong = shapeProblems(one, ids)
    const page = isOwnRule(one) && !wrong.length ? readOwnPage(one) : undefined
    problems.push(...[...wrong, ...(page?.problems ?? [])].map(problem => `${at} ${problem}`))
    if (!isOwnRule(one) || page?.page === undefined || ids.has(one.id)) continue
    ids.add(one.id)
    rules.push(one)
    pages[one.id] = page.page
  }
  return { rules, pages, problems }
}

interface Listed extends Rule {
  readonly page: unknown
}

/** After `shapeProblems` found nothing, it is one. */
const isOwnRule = (one: unknown): one is Listed => isObject(one) && typeof one['id'] === 'string'

function shapeProblems(one: unknown, ids: ReadonlySet<string>): readonly string[] {
  if (!isOwnRule(one)) return ['is no rule: it needs an `id`, a `page` and a hook']
  const { id } = one
  const problems: string[] = []
  if (!ID.test(id)) problems.push(`has the id ${JSON.stringify(id)}, which is not in kebab-case`)
  if (ids.has(id)) problems.push(`has the id ${id}, which another rule has: put a prefix of yours before it`)
  const entries = Object.entries(one).filter(([key]) => key !== 'id' && key !== 'page')
  for (const [key] of entries)
    if (!ALL_HOOKS.includes(key)) problems.push(`(${id}) has ${key}, which is no hook${didYouMean(key, ALL_HOOKS)}`)
  if (!entries.some(([key, hook]) => isHook(key, hook)))
    problems.push(
      `(${id}) has no hook: rules are code, and stand in lambdacheck.config.ts or in a module that it imports`,
    )
  return problems
}

const isHook = (key: string, hook: unknown): boolean =>
  HOOK_MAPS.includes(key)
    ? isObject(hook) && Object.values(hook).some(it => typeof it === 'function')
    : HOOKS.includes(key) && typeof hook === 'function'

function readOwnPage({ id, page }: Listed): { readonly page?: RulePage; readonly problems: readonly string[] } {
  const file = pageFile(page)
  if (file === undefined)
    return { problems: [`(${id}) needs its \`page\`: new URL('${id}.md', import.meta.url), or an absolute path`] }
  if (!existsSync(file)) return { problems: [`(${id}) has the page ${file}, and there is no such file`] }
  const { spec, errors } = compilePages([{ file: `rules/${id}.md`, text: readFileSync(file, 'utf8') }])
  if (errors.length) return { problems: errors.map(error => `(${id}): ${file}:${error.line}: ${error.message}`) }
  const found = spec.rules[id]
  if (found === undefined)
    return { problems: [`(${id}) has the page ${file}, which does not begin with \`rule: ${id}\``] }
  return { page: { ...found, source: { ...found.source, file } }, problems: [] }
}

function pageFile(page: unknown): string | undefined {
  const text = page instanceof URL ? page.href : page
  if (typeof text !== 'string') return undefined
  if (isAbsolute(text)) return text
  return URL.canParse(text) && new URL(text).protocol === 'file:' ? fileURLToPath(text) : undefined
}
