/**
 * The examples of the rule pages as tests: every bad one fires with the stated count and at the stated places, no good
 * one does, and what a fix does is parsable and final. Run one rule alone with
 * `npx vitest run analyzer/rules.test.ts -t 'rule-id '`.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RuleExample } from '../spec/model.ts'
import type { Finding, TextEdit } from '../reports/evidence.ts'
import { loadGrammars } from './grammars/grammars.ts'
import { loadApplication } from './load-application.ts'
import { applyEdits } from './engine/fix.ts'
import { loadKnowledge } from './data/pages.ts'
import type { Rule } from './engine/rule.ts'
import { ENGINE_RULES, runRules } from './engine/run.ts'

declare global {
  interface ImportMeta {
    glob<T>(patterns: readonly string[]): { readonly [path: string]: () => Promise<T> }
  }
}

// Examples may be in Terraform.
await loadGrammars(['terraform', 'python'])

const modules = import.meta.glob<{ rule: Rule }>(['./rules/*.ts', '!./rules/index.ts', '!./rules/*.test.ts'])
const knowledge = loadKnowledge()
const { quota } = knowledge
const pages = new Map(Object.entries(knowledge.rules))
const rules = new Map<string, Rule>()

/** Below `node_modules`, so that the types of Node.js and of AWS's packages are found. */
const home = join(import.meta.dirname, '../node_modules/.cache/lambdacheck-examples')
let folder = ''
let serial = 0

beforeAll(async () => {
  mkdirSync(home, { recursive: true })
  folder = mkdtempSync(join(home, 'run-'))
  for (const [path, load] of Object.entries(modules)) {
    // A rule that does not load fails its own test, and not those of the others.
    const loaded = await load().catch(() => undefined)
    if (loaded) rules.set(idOf(path), loaded.rule)
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const idOf = (path: string): string => path.replace(/^.*\//, '').replace(/\.ts$/, '')

function project(
  files: readonly { readonly file: string; readonly body: string; readonly attributes?: RuleExample['attributes'] }[],
): string {
  const root = join(folder, String(++serial))
  for (const { file, body, attributes } of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), body)
    if (attributes?.['size'] !== undefined) truncateSync(join(root, file), Number(attributes['size']))
  }
  return root
}

function findingsIn(
  root: string,
  id: string,
): { readonly own: readonly Finding[]; readonly crashes: readonly string[]; readonly failed: number } {
  const { findings, crashes, verdicts } = runRules(loadApplication(root), [...rules.values()], {
    severity: () => 'warning',
    quota,
  })
  return {
    own: findings.filter(finding => finding.rule === id && !finding.suppressed),
    crashes: crashes.filter(crash => crash.startsWith(`rule ${id} `)),
    failed: verdicts.rules.find(one => one.rule === id)?.fail.length ?? 0,
  }
}

const engineRules: readonly string[] = ENGINE_RULES

it('every rule has its page, and every page its rule', () => {
  const ids = Object.keys(modules).map(idOf)
  expect(ids.filter(id => !pages.has(id))).toEqual([])
  expect([...pages.keys()].filter(id => !ids.includes(id) && !engineRules.includes(id))).toEqual([])
  expect(engineRules.filter(id => !pages.has(id))).toEqual([])
})

for (const id of new Set([...Object.keys(modules).map(idOf), ...engineRules])) {
  const page = pages.get(id)
  describe(`${id} `, () => {
    it('has a page with bad and good examples, and bears the name of its file', async () => {
      const load = modules[`./rules/${id}.ts`]
      if (load) expect((await load()).rule.id).toBe(id)
      expect(
        knowledge.errors.filter(error => error.file === `rules/${id}.md` && !/covers|ledger/.test(error.message)),
      ).toEqual([])
      expect(page?.examples.filter(example => example.verdict === 'bad').length, 'bad examples').toBeGreaterThan(0)
      expect(page?.examples.filter(example => example.verdict === 'good').length, 'good examples').toBeGreaterThan(0)
    })
    for (const [name, examples] of byCase(page?.examples ?? [])) {
      it(`${name} (spec/${examples[0]!.source.file}:${examples[0]!.source.line})`, () => {
        const root = project(examples)
        const { own, crashes, failed } = findingsIn(root, id)
        expect(crashes).toEqual([])
        if (examples[0]!.verdict === 'good') {
          expect(own.map(place)).toEqual([])
          expect(failed, 'resources with which the rule does not hold').toBe(0)
          return
        }
        expect(failed, 'resources with which the rule does not hold').toBeGreaterThan(own.length ? 0 : -1)
        expectStated(examples, own)
        expectFixes(root, id, own, page!.fixable)
      })
    }
  })
}

function byCase(examples: readonly RuleExample[]): ReadonlyMap<string, RuleExample[]> {
  const cases = new Map<string, RuleExample[]>()
  for (const example of examples) {
    const key = `${example.verdict} ${example.case}`
    cases.set(key, [...(cases.get(key) ?? []), example])
  }
  return cases
}

const place = (finding: Finding): string =>
  `${finding.location.file}:${finding.location.line}:${finding.location.column} ${finding.message}`

function expectStated(examples: readonly RuleExample[], own: readonly Finding[]): void {
  const stated = examples.some(example => 'finds' in example.attributes || 'at' in example.attributes)
  if (!stated) expect(own.length, 'findings of a bad example').toBeGreaterThan(0)
  for (const example of stated ? examples : []) {
    const here = own.filter(finding => finding.location.file === example.file)
    const at = example.attributes['at']?.split(',')
    const count = Number(example.attributes['finds'] ?? at?.length ?? 0)
    expect(here.map(place), `findings in ${example.file}`).toHaveLength(count)
    if (at) expect(here.map(finding => `${finding.location.line}:${finding.location.column}`)).toEqual(at)
  }
}

/** Every fix alone leaves a project that still loads, and takes its finding away. */
function expectFixes(root: string, id: string, own: readonly Finding[], fixable: string): void {
  for (const finding of own) {
    for (const fix of finding.fixes) {
      expect(fixable, 'the page must say that the rule is fixable').not.toBe('no')
      if (fix.kind === 'fix') expect(fixable, 'the page must say that the rule has a certain fix').toBe('fix')
      const changed = withEdits(root, fix.edits)
      expect(faultsOf(changed), 'a fix must leave what can be parsed').toEqual(faultsOf(root))
      if (fix.kind !== 'fix') continue
      const after = findingsIn(changed, id).own.map(one => one.fingerprint)
      expect(after, 'a fix must take its finding away').not.toContain(finding.fingerprint)
      expect(after.length).toBeLessThan(own.length)
    }
  }
}

/** What of a project cannot be parsed. */
function faultsOf(root: string): readonly string[] {
  return runRules(loadApplication(root), [], { severity: () => 'error', quota })
    .findings.filter(finding => engineRules.includes(finding.rule))
    .map(finding => `${finding.rule} ${finding.message}`)
}

function withEdits(root: string, edits: readonly TextEdit[]): string {
  const files = loadedFiles(root)
  for (const [file, text] of files)
    files.set(
      file,
      applyEdits(
        text,
        edits.filter(edit => edit.file === file),
      ),
    )
  for (const edit of edits) if (!files.has(edit.file)) files.set(edit.file, applyEdits('', [edit]))
  return project([...files].map(([file, body]) => ({ file, body })))
}

function loadedFiles(root: string): Map<string, string> {
  const app = loadApplication(root)
  const paths = new Set([
    ...app.templates.map(one => one.source.path),
    ...app.code.map(one => one.path),
    ...app.policies.map(one => one.loc.source.path),
  ])
  return new Map([...paths].map(path => [path, readFileSync(join(root, path), 'utf8')]))
}
