/** What the pages say to be recorded, and what of it rests on recorded answers. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { globSync } from 'tinyglobby'
import { parse } from 'yaml'
import type { Constraint, Member, Spec } from '../../spec/model.ts'
import { isEvidence, type Evidence, type Recorded } from './answers.ts'

/** One fact that a page calls recorded. */
export interface Fact {
  /** Key of `evidence.yaml`: the id of a clause, or the page and the beginning of a sentence. */
  readonly key: string
  /** `page.md:12` */
  readonly place: string
}

const root = path.resolve(import.meta.dirname, '../..')

export function readEvidence(): { readonly [key: string]: Evidence } {
  return parse(readFileSync(path.join(import.meta.dirname, 'evidence.yaml'), 'utf8')) as { [key: string]: Evidence }
}

/** The clauses whose source is a recording, and the sentences that say so. */
export function recordedFacts(spec: Pick<Spec, 'clauses'>): readonly Fact[] {
  const clauses = spec.clauses
    .filter(one => one.origin === 'recorded')
    .map(one => ({ key: one.id, place: `${one.page}:${one.line}` }))
  return [...clauses, ...recordedSentences()]
}

/** Paragraphs that say `(recorded)`, by their page and first words. */
function recordedSentences(): readonly Fact[] {
  return globSync('{api,types,resources,behaviour,runtime}/**/*.md', { cwd: path.join(root, 'spec') })
    .sort()
    .flatMap(page =>
      readFileSync(path.join(root, 'spec', page), 'utf8')
        .split('\n')
        .flatMap((line, at) =>
          /\(recorded\)/.test(line) && !line.startsWith('|')
            ? [{ key: `${page}: ${line}`, place: `${page}:${at + 1}` }]
            : [],
        ),
    )
}

/** The evidence of a fact; undefined when `evidence.yaml` has none. */
export function evidenceOf(all: { readonly [key: string]: Evidence }, fact: Fact): Evidence | undefined {
  const key = Object.keys(all).find(one => fact.key === one || (one.includes('.md: ') && fact.key.startsWith(one)))
  return key === undefined ? undefined : all[key]
}

/** How many recorded answers a fact rests on. */
export function countEvidence(evidence: Evidence, answers: readonly Recorded[]): number {
  return answers.filter(one => isEvidence(evidence, one)).length
}

/** Recorded patterns and values of members that no recorded text has, as `Action.Member: what`. */
export function constraintsNotFound(spec: Spec, answers: readonly Recorded[]): readonly string[] {
  const texts = [...new Set(answers.map(one => one.text).filter(text => text !== ''))]
  const said = (words: string): boolean => texts.some(text => text.includes(words))
  const came = (words: string): boolean => answers.some(({ body }) => body.includes(words))
  const found = (one: Constraint, others: readonly Constraint[]): boolean => {
    if (one.kind === 'pattern') return said(one.pattern)
    if (one.kind !== 'enum') return true
    // Only what the recording adds to the list rests on it.
    const known = new Set(others.flatMap(other => (other.kind === 'enum' && other !== one ? other.values : [])))
    return one.values.every(value => known.has(value) || said(`${value},`) || said(`${value}]`) || came(`:"${value}"`))
  }
  const ofMember = (owner: string, member: Member): readonly string[] =>
    member.constraints
      .filter(one => one.origin === 'recorded' && !found(one, member.constraints))
      .map(one => `${owner}.${member.name}: ${one.kind} (${one.source.file}:${one.source.line})`)
  return [
    ...Object.values(spec.actions).flatMap(action => action.request.flatMap(member => ofMember(action.name, member))),
    ...Object.values(spec.types).flatMap(type => type.members.flatMap(member => ofMember(type.name, member))),
  ]
}
