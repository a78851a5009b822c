import * as fc from 'fast-check'
import { parse, stringify } from 'yaml'
import { describe, expect, it } from 'vitest'
import { readJson } from '../application/read-json.ts'
import { readYaml } from '../application/read-yaml.ts'
import { evaluate } from '../application/intrinsics.ts'
import type { Value } from '../application/value.ts'
import { applyEdits, chooseFixes } from './fix.ts'
import { addEntry, removeEntry, setEntry, setValue } from './edit.ts'
import type { Plain } from './edit.ts'
import type { Edit } from './rule.ts'
import type { Finding } from '../../reports/evidence.ts'

/** Evaluates a text as a template would be. */
function evaluated(path: string, text: string): Value {
  const source = { path, absolute: `/${path}`, text }
  const { raw, problems } = path.endsWith('.json') ? readJson(text) : readYaml(text)
  expect(problems).toEqual([])
  return evaluate(raw!, {
    source,
    parameters: new Map(),
    mappings: undefined,
    conditions: new Map(),
    resources: new Map(),
    active: new Set(),
  })
}

const applied = (text: string, edit: Edit): string =>
  applyEdits(text, [{ file: '', start: edit.loc.start, end: edit.loc.end, text: edit.text }])

const key = fc.stringMatching(/^[A-Z][A-Za-z]{1,8}$/)
const scalar = fc.oneof(
  fc.constant(null),
  fc.constant('two\nlines\n'),
  fc.constant('a paragraph that is much longer than a line of eighty characters would be, so that it is folded'),
  fc.integer({ min: 0, max: 9999 }),
  fc.boolean(),
  fc.stringMatching(/^[a-z][a-z0-9 :#'-]{0,12}[a-z]$/),
  fc.constant('true'),
  fc.constant('12'),
  fc.constant('a: b # c'),
)
const { tree } = fc.letrec<{ tree: Plain }>(tie => ({
  tree: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    scalar,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))
const map = fc.dictionary(key, tree, { minKeys: 1, maxKeys: 5, noNullPrototype: true })

/** Ways to write the same data: the map that is edited is `Outer.Inner`. */
const STYLES: { readonly [style: string]: (data: unknown) => { readonly path: string; readonly text: string } } = {
  block: data => ({ path: 't.yaml', text: `# first\n${stringify(data, { indent: 2 })}` }),
  'deep block': data => ({ path: 't.yaml', text: stringify(data, { indent: 4 }) }),
  flow: data => ({ path: 't.yaml', text: `Top: ${stringify(data, { collectionStyle: 'flow', lineWidth: 0 })}` }),
  'in a list': data => ({ path: 't.yaml', text: stringify({ List: [data, 'more'] }) }),
  commented: data => ({
    path: 't.yaml',
    text: stringify(data)
      .split('\n')
      .map(line => (/^ {2}\w+:$/.test(line) ? `${line} # why` : line))
      .join('\n'),
  }),
  'pretty JSON': data => ({ path: 't.json', text: JSON.stringify(data, null, 2) }),
  'JSON in one line': data => ({ path: 't.json', text: JSON.stringify(data) }),
}

/** The edited map, wherever the style puts it. */
const inner = (style: string, root: Value): Value =>
  (style === 'flow' ? root.at('Top') : style === 'in a list' ? root.at('List', 0) : root).at('Outer', 'Inner')
const plainInner = (style: string, data: unknown): unknown => {
  const at = data as { Top?: never; List?: readonly unknown[] }
  const whole = (style === 'flow' ? at.Top : style === 'in a list' ? at.List![0] : data) as {
    Outer: { Inner: unknown }
  }
  return whole.Outer.Inner
}

for (const style of Object.keys(STYLES)) {
  describe(`edits of a template, ${style}`, () => {
    const check = (
      change: (inner: Value, data: { readonly [name: string]: Plain }) => { edit: Edit | undefined; expected: unknown },
    ): void => {
      fc.assert(
        fc.property(map, map, (edited, after) => {
          const { path, text } = STYLES[style]!({ Outer: { Before: 1, Inner: edited, After: after } })
          const { edit, expected } = change(inner(style, evaluated(path, text)), edited)
          if (!edit) return
          const result = applied(text, edit)
          const data: unknown = path.endsWith('.json') ? JSON.parse(result) : parse(result)
          expect(plainInner(style, data)).toEqual(expected)
          const outside = (root: unknown): unknown =>
            JSON.stringify(root, (name, value: unknown) => (name === 'Inner' ? 'edited' : value))
          expect(outside(data)).toBe(outside(path.endsWith('.json') ? JSON.parse(text) : parse(text)))
        }),
        { numRuns: 60 },
      )
    }

    it('adds an entry and changes nothing else', () => {
      let made = 0
      check((value, data) => {
        const edit = addEntry(value, 'Added', { Deep: ['x', { Y: 1 }] })
        if (edit) made++
        return { edit, expected: { ...data, Added: { Deep: ['x', { Y: 1 }] } } }
      })
      expect(made).toBeGreaterThan(40)
    })

    it('sets a scalar and changes nothing else', () => {
      check((value, data) => {
        const name = Object.keys(data)[0]!
        return { edit: setValue(value.at(name), 'changed: yes'), expected: { ...data, [name]: 'changed: yes' } }
      })
      check((value, data) => ({ edit: setEntry(value, 'Added', 7), expected: { ...data, Added: 7 } }))
      check((value, data) => {
        const name = Object.keys(data).at(-1)!
        return { edit: setValue(value.at(name), { A: ['x'] }), expected: { ...data, [name]: { A: ['x'] } } }
      })
    })

    it('removes an entry and changes nothing else', () => {
      let made = 0
      check((value, data) => {
        const names = Object.keys(data)
        const name = names[names.length >> 1]!
        const { [name]: _removed, ...rest } = data
        const edit = removeEntry(value.at(name))
        if (edit) made++
        return { edit, expected: rest }
      })
      expect(made).toBeGreaterThan(20)
    })
  })
}

describe('fixes', () => {
  const finding = (
    edits: readonly (readonly [number, number, string])[],
    kind: 'fix' | 'suggestion' = 'fix',
  ): Finding => ({
    rule: 'r',
    severity: 'error',
    message: '',
    location: { file: 'f', line: 1, column: 1 },
    related: [],
    fingerprint: '',
    fixes: [{ description: '', kind, edits: edits.map(([start, end, text]) => ({ file: 'f', start, end, text })) }],
  })

  it('that touch the same text wait for each other; what two want alike is done once', () => {
    const { edits, count } = chooseFixes([
      finding([[0, 2, 'a']]),
      finding([[1, 3, 'b']]),
      finding([[5, 5, 'c']]),
      finding([[5, 5, 'c']]),
      finding([[5, 5, 'd']]),
      finding([[8, 9, 'e']], 'suggestion'),
    ])
    expect(count).toBe(3)
    expect(applyEdits('0123456789', edits.get('f')!)).toBe('a234c56789')
  })

  it('never overlap, whatever is wanted', () => {
    const one = fc
      .tuple(fc.nat(30), fc.nat(5), fc.string({ maxLength: 3 }))
      .map(([start, length, text]) => [start, start + length, text] as const)
    fc.assert(
      fc.property(fc.array(fc.array(one, { minLength: 1, maxLength: 3 }).map(edits => finding(edits))), findings => {
        const { edits } = chooseFixes(findings)
        applyEdits('x'.repeat(40), edits.get('f') ?? [])
      }),
    )
  })
})
