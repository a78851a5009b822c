/**
 * One template never changes the findings of another: the examples of the rule pages beside each other find what they
 * find alone.
 */
import { describe, expect, it } from 'vitest'
import type { Finding } from '../reports/evidence.ts'
import type { RuleExample } from '../spec/model.ts'
import { loadApplication } from './load-application.ts'
import { loadKnowledge } from './data/pages.ts'
import { runRules } from './engine/run.ts'
import { projectWith } from './fixtures/project.ts'
import { rules } from './rules/index.ts'

const { quota, rules: pages } = loadKnowledge()

interface Case {
  readonly name: string
  readonly files: { readonly [path: string]: string }
}

const cases: readonly Case[] = Object.entries(pages).flatMap(([id, page]) => {
  const byName = new Map<string, RuleExample[]>()
  for (const example of page.examples) {
    if ('size' in example.attributes) continue
    const name = `${id} ${example.verdict} ${example.case}`
    byName.set(name, [...(byName.get(name) ?? []), example])
  }
  return [...byName]
    .filter(
      ([, examples]) =>
        examples.some(example => /\.(ya?ml|json|tf)$/.test(example.file)) && !examples.some(isPolicyAlone),
    )
    .map(([name, examples]) => ({
      name,
      files: Object.fromEntries(examples.map(example => [example.file, example.body])),
    }))
})

/**
 * A policy in a file of its own may be meant for whatever is near it, which makes rules rightly silent: it is no
 * template.
 */
function isPolicyAlone(example: RuleExample): boolean {
  return example.file.endsWith('.json') && /"Statement"\s*:/.test(example.body) && !/"Resources"\s*:/.test(example.body)
}

/** `rule place message` of every finding, by the folder of the case; paths are those below it. */
function findingsOf(group: readonly Case[]): readonly (readonly string[])[] {
  const files = group.flatMap((one, index) =>
    Object.entries(one.files).map(([path, text]) => [`p${index}/${path}`, text] as const),
  )
  const { findings } = runRules(loadApplication(projectWith(Object.fromEntries(files))), rules, {
    severity: () => 'warning',
    quota,
  })
  return group.map((_one, index) =>
    findings
      .filter(finding => finding.location.file.startsWith(`p${index}/`))
      .map(text)
      .sort(),
  )
}

const text = (finding: Finding): string =>
  `${finding.rule} ${finding.location.file.replace(/^p\d+\//, '')}:${finding.location.line}:${finding.location.column} ${finding.message.replaceAll(/\bp\d+\//g, '')}`

/** All cases, in groups that are large enough to notice a rule that looks too far, and few enough to be quick. */
const STRIDE = 3
const SIZE = 12

describe('a project of many', () => {
  const some = cases.filter((_one, position) => position % STRIDE === 0)
  const groups = Array.from({ length: Math.ceil(some.length / SIZE) }, (_none, index) =>
    // Neighbours are of different rules.
    cases.filter((_one, position) => position % Math.ceil(some.length / SIZE) === index),
  )
  it.each(groups.map((group, index) => [index, group] as const))(
    'group %i finds what its members find alone',
    (_index, group) => {
      const together = findingsOf(group)
      expect(together.flat().length, 'findings').toBeGreaterThan(5)
      group.forEach((one, index) => {
        expect({ name: one.name, findings: together[index] }).toEqual({
          name: one.name,
          findings: findingsOf([one])[0],
        })
      })
    },
  )
})
