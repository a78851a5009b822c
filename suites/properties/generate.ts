/** The `forAll` of a property: a generator for each of its variables. */
import fc from 'fast-check'
import type { Spec, Tagged, Value } from '../../spec/model.ts'
import { jsonValues } from '../arbitraries/json-value.ts'
import { legalMembers, legalValues } from '../arbitraries/legal.ts'
import { JSON_VALUES, representativesOf } from '../arbitraries/representatives.ts'
import { siteAt } from '../arbitraries/site.ts'
import type { Shape } from '../oracle/legal.ts'
import { isList, isMapping, isTagged } from '../../spec/value-kinds.ts'

/** Values by the name under which a property refers to them. */
export type Variables = { readonly [variable: string]: unknown }

/**
 * Throws an `Error` that names file and line when a generator is written wrongly or names something that the pages do
 * not have.
 */
export function variablesOf(spec: Spec, forAll: { readonly [variable: string]: Value }): fc.Arbitrary<Variables> {
  const model = Object.fromEntries(
    Object.entries(forAll).map(([variable, value]) => [variable, generatorOf(spec, value)]),
  )
  return fc.record(model, { noNullPrototype: true })
}

/**
 * What can be enumerated of a `forAll`: the ends of each range, each choice, texts and JSON of every kind, so combined
 * that each value of each variable stands in some example. Always the same ones; empty where there are no variables.
 */
export function variableExamples(spec: Spec, forAll: { readonly [variable: string]: Value }): readonly Variables[] {
  const factors = Object.entries(forAll).map(([name, value]) => ({ name, values: examplesOf(spec, value) }))
  if (factors.length === 0) return []
  const most = Math.max(...factors.map(one => one.values.length))
  // Against each other by one: of two equal ranges the values differ.
  return Array.from({ length: most }, (_, row) =>
    Object.fromEntries(factors.map(({ name, values }, at) => [name, values[(row + at) % values.length]])),
  )
}

function examplesOf(spec: Spec, value: Value): readonly unknown[] {
  if (isTagged(value)) return taggedExamples(spec, value)
  if (isList(value)) return combined(value.map(one => examplesOf(spec, one)))
  if (isMapping(value)) {
    const entries = Object.entries(value)
    return combined(entries.map(([, one]) => examplesOf(spec, one))).map(row =>
      Object.fromEntries(entries.map(([key], at) => [key, row[at]])),
    )
  }
  return [value]
}

function combined(parts: readonly (readonly unknown[])[]): readonly (readonly unknown[])[] {
  const most = Math.max(1, ...parts.map(part => part.length))
  return Array.from({ length: most }, (_, row) => parts.map(part => part[row % part.length]))
}

const TEXTS = ['a', 'two words', ` "'<&>\\/{}%$`, 'äßéЖ', '中日ع', '😀𝒜', '0', 'null', '#;?+=@']

function taggedExamples(spec: Spec, tagged: Tagged): readonly unknown[] {
  const { $tag, value } = tagged
  switch ($tag) {
    case 'member':
      return representativesOf(spec, memberShape(spec, tagged))
    case 'integer': {
      const { min, max } = rangeOf(tagged, -1_000_000, 1_000_000)
      return [...new Set([min, max, Math.floor((min + max) / 2), Math.min(min + 1, max)])]
    }
    case 'oneOf':
      return Array.isArray(value) ? value.flatMap((one: Value) => examplesOf(spec, one)) : []
    case 'boolean':
      return [true, false]
    case 'json':
      return JSON_VALUES
    case 'text': {
      const { min, max } = rangeOf(tagged, 0, 100)
      const sized = TEXTS.map(text => [...text].slice(0, max).join('')).filter(text => [...text].length >= min)
      return [...new Set(['a'.repeat(Math.max(min, 1)), 'z'.repeat(max), ...sized, ...(min === 0 ? [''] : [])])]
    }
    case 'bytes': {
      const { min, max } = rangeOf(tagged, 0, 100)
      const every = Buffer.from(Array.from({ length: max }, (_, at) => (at * 37) % 256))
      return [...new Set([every.toString('base64'), every.subarray(0, min).toString('base64')])]
    }
    // Structures and lists are drawn, always the same ones.
    default:
      return fc.sample(taggedGenerator(spec, tagged), { numRuns: 4, seed: 1 })
  }
}

/** A value without a tag stands for itself; lists and maps are generated part by part. */
function generatorOf(spec: Spec, value: Value): fc.Arbitrary<unknown> {
  if (isTagged(value)) return taggedGenerator(spec, value)
  if (isList(value)) return fc.tuple(...value.map(one => generatorOf(spec, one)))
  if (isMapping(value)) {
    return fc.record(Object.fromEntries(Object.entries(value).map(([key, one]) => [key, generatorOf(spec, one)])), {
      noNullPrototype: true,
    })
  }
  return fc.constant(value)
}

function taggedGenerator(spec: Spec, tagged: Tagged): fc.Arbitrary<unknown> {
  const { $tag, value } = tagged
  switch ($tag) {
    case 'member':
      return legalValues(spec, memberShape(spec, tagged))
    case 'type': {
      const type = spec.types[String(value)]
      if (type === undefined) throw wrong(tagged, `there is no type ${String(value)}`)
      return legalMembers(spec, type.members, () => true)
    }
    case 'integer': {
      const { min, max } = rangeOf(tagged, -1_000_000, 1_000_000)
      return fc.integer({ min, max })
    }
    case 'oneOf': {
      if (!Array.isArray(value) || value.length === 0) throw wrong(tagged, '!oneOf wants a list of choices')
      return fc.oneof(...value.map((one: Value) => generatorOf(spec, one)))
    }
    case 'json':
      return jsonValues({ maxDepth: 3, stringUnit: 'grapheme' })
    case 'text': {
      const { min, max } = rangeOf(tagged, 0, 100)
      return fc.string({ minLength: min, maxLength: max, unit: READABLE })
    }
    case 'boolean':
      return fc.boolean()
    case 'bytes': {
      const { min, max } = rangeOf(tagged, 0, 100)
      return fc.uint8Array({ minLength: min, maxLength: max }).map(bytes => Buffer.from(bytes).toString('base64'))
    }
    case 'list': {
      const { of, length } = isPlainMap(value) ? value : { of: value }
      if (of === undefined)
        throw wrong(tagged, '!list wants the generator of its elements: !list {of: !integer 1..9, length: 0..5}')
      const [min, max] = bounds(length === undefined ? '0..5' : String(length), tagged)
      return fc.array(generatorOf(spec, of), { minLength: min ?? 0, maxLength: max ?? 5 })
    }
    default:
      throw wrong(
        tagged,
        `!${$tag} generates nothing; generators are !member, !type, !integer, !oneOf, !json, !text, !boolean, ` +
          '!bytes and !list',
      )
  }
}

/** Letters of several alphabets, signs, blanks, and letters outside the basic plane: no control characters. */
const READABLE = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCXYZ0123456789') },
  { weight: 2, arbitrary: fc.constantFrom(...` .,;:!?"'<>&/\\|{}[]()=+-_%#$@*~^`) },
  { weight: 1, arbitrary: fc.constantFrom('ä', 'ß', 'é', 'Ж', '中', '日', 'ع', '😀', '𝒜') },
)

function memberShape(spec: Spec, tagged: Tagged): Shape {
  const [name = '', ...path] = String(tagged.value).split('.')
  const action = spec.actions[name]
  if (action === undefined) throw wrong(tagged, `there is no action ${name}`)
  const site = siteAt(spec, action, path)
  if (site === null) throw wrong(tagged, `${name} has no request member ${path.join('.')}`)
  return site.shape
}

function rangeOf(tagged: Tagged, lowest: number, highest: number): { min: number; max: number } {
  const [min, max] = bounds(tagged.value === null || tagged.value === '' ? '..' : String(tagged.value), tagged)
  return { min: min ?? lowest, max: max ?? highest }
}

function bounds(text: string, tagged: Tagged): readonly [number | undefined, number | undefined] {
  const parts = /^(-?\d+)?\.\.(-?\d+)?$/.exec(text) ?? /^(-?\d+)$/.exec(text)
  if (parts === null) throw wrong(tagged, `${text} is no range; write 1..9, 1.. or ..9`)
  const min = parts[1] === undefined ? undefined : Number(parts[1])
  if (!text.includes('..')) return [min, min]
  return [min, parts[2] === undefined ? undefined : Number(parts[2])]
}

function isPlainMap(value: unknown): value is { readonly [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('$tag' in value)
}

function wrong(tagged: Tagged, message: string): Error {
  return new Error(`${tagged.source.file}:${tagged.source.line}: ${message}`)
}
