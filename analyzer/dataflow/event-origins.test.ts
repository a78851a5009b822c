/**
 * The flow of the event is held against runs of the same code: every leaf of the event is a mark of its own, and
 * whatever marks the value at the end holds must have been found, and no others.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadApplication } from '../load-application.ts'
import { ts } from '../application/typescript.ts'
import { find } from '../application/walk.ts'
import { projectWith } from '../fixtures/project.ts'
import { eventFlows, eventPath } from './event-origins.ts'

const EVENT = {
  a: '<a>',
  b: { c: '<b.c>', d: '<b.d>' },
  list: [
    { x: '<list.[].x>', y: '<list.[].y>' },
    { x: '<list.[].x>', y: '<list.[].y>' },
  ],
}

/** What `sink(…)` is given, in the handler of a project. */
function inSink(files: { readonly [path: string]: string }): {
  readonly flows: readonly string[]
  readonly path: string | undefined
} {
  const app = loadApplication(projectWith(files))
  const handlers = app.handlers
  for (const file of app.code) {
    const call = find(
      file.ast,
      (node): node is ts.CallExpression =>
        ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'sink',
    )
    if (!call) continue
    const within = { file, handlers }
    return {
      flows: [...new Set(eventFlows(call.arguments[0]!, within).map(flow => flow.path.join('.')))].sort(),
      path: eventPath(call.arguments[0]!, within)?.join('.'),
    }
  }
  throw new Error('no sink')
}

interface Piece {
  /** Statements before, and an expression for the text. */
  readonly before: string
  readonly text: string
}

/** Texts made of the event, in the ways that people make them; `n` keeps names apart. */
const way = (inner: fc.Arbitrary<Piece>): fc.Arbitrary<Piece> =>
  fc
    .tuple(fc.integer({ min: 0, max: 1_000_000 }), inner, inner, fc.integer({ min: 0, max: 13 }))
    .map(([n, one, other, kind]) => {
      const before = one.before + other.before
      switch (kind) {
        case 0:
          return { before: one.before, text: `\`x \${${one.text}} y\`` }
        case 1:
          return { before, text: `(${one.text} + ${other.text})` }
        case 2:
          return { before: `${one.before}const v${n} = ${one.text};`, text: `v${n}` }
        case 3:
          return { before: `${before}const o${n} = { p: ${one.text}, q: { r: ${other.text} } };`, text: `o${n}.q.r` }
        case 4:
          return { before: `${before}const { p: p${n} } = { p: ${one.text}, q: ${other.text} };`, text: `p${n}` }
        case 5:
          return { before, text: `[${one.text}, ${other.text}].join(',')` }
        case 6:
          return {
            before: `${before}function f${n}(s, t) { return s + '!' };`,
            text: `f${n}(${one.text}, ${other.text})`,
          }
        case 7:
          return { before: `${one.before}let l${n} = 'x'; l${n} += ${one.text};`, text: `l${n}` }
        case 8:
          return { before, text: `JSON.stringify({ k: ${one.text}, ...{ l: ${other.text} } })` }
        case 9:
          return {
            before: `${one.before}class C${n} { constructor(z) { this.z = z } get() { return this.z } };`,
            text: `new C${n}(${one.text}).z`,
          }
        case 10:
          return {
            before: `${one.before}const m${n} = []; m${n}.push(${one.text});`,
            text: `m${n}.map(it => it.trim()).join()`,
          }
        case 11:
          return { before, text: `((s) => s)(${one.text})` }
        case 12:
          return { before: `${one.before}const g${n} = { h: (s) => 'x' + s };`, text: `g${n}.h(${one.text})` }
        default:
          return { before: `${one.before}const a${n} = await Promise.resolve(${one.text});`, text: `a${n}` }
      }
    })

const part: fc.Arbitrary<Piece> = fc.constantFrom(
  ...[
    'event.a',
    "event['a']",
    'event.b.c',
    'event.b.d',
    "'nothing'",
    'event.list[0].x',
    'event.list.map(it => it.y).join()',
    'event.list.filter(Boolean).map(({ x }) => `(${x})`).join()',
    "event.list.reduce((all, it) => all + it.x, '')",
    'Object.values(event.b).join()',
    'JSON.stringify(event.b)',
    'event.list.at(-1).x',
    'JSON.parse(JSON.stringify(event)).b.c',
  ].map(text => ({ before: '', text })),
)
const text = fc.letrec<{ readonly piece: Piece }>(tie => ({
  piece: fc.oneof({ maxDepth: 4 }, part, way(tie('piece') as fc.Arbitrary<Piece>)),
})).piece

const WHOLE: { readonly [path: string]: readonly string[] } = { b: ['b.c', 'b.d'], 'b.[]': ['b.c', 'b.d'] }

test('what reaches a text is what a run puts into it, no less and no more', async () => {
  await fc.assert(
    fc.asyncProperty(text, async ({ before, text }) => {
      const body = `${before} return sink(${text})`
      const run = new Function('event', 'sink', `return (async () => { ${body} })()`) as (
        event: unknown,
        sink: (value: unknown) => string,
      ) => Promise<string>
      const value = await run(structuredClone(EVENT), String)
      const marks = [...new Set([...value.matchAll(/<([^>]+)>/g)].map(match => match[1]!))].sort()
      const { flows } = inSink({ 'app.js': `exports.handler = async (event) => { ${body} }` })
      expect([...new Set(flows.flatMap(flow => WHOLE[flow] ?? [flow]))].sort()).toEqual(marks)
    }),
    { numRuns: 150 },
  )
}, 60_000)

const handler = (body: string): { readonly 'app.js': string } => ({
  'app.js': `exports.handler = async (event) => { ${body} }`,
})

test.each([
  ['for (const { body } of event.Records) sink(body)', 'Records.[].body'],
  [
    'for (let i = 0; i < event.Records.length; i++) { const record = event.Records[i]; sink(record.body) }',
    'Records.[].body',
  ],
  ['for (const i in event.Records) sink(event.Records[i].body)', 'Records.[].body'],
  ['for (const [i, record] of event.Records.entries()) sink(record.body)', 'Records.[].body'],
  ['const { Records: [first] } = event; sink(first.body)', 'Records.[].body'],
  ['const { Records = [] } = event; Records.forEach(r => sink(r.body))', 'Records.[].body'],
  ['await Promise.all(event.Records.map(async r => sink(r.body)))', 'Records.[].body'],
  ['event.Records.filter(r => r.ok).map(r => r.body).forEach(it => sink(it))', 'Records.[].body'],
  ['const all = [...event.Records]; while (all.length) sink(all.pop().body)', 'Records.[].body'],
  ['const records = event.Records ?? []; sink(records[0].body)', 'Records.[].body'],
  ['const one = r => sink(r.body); event.Records.map(one)', 'Records.[].body'],
  ['const one = async ({ body }) => sink(body); for (const r of event.Records) await one(r)', 'Records.[].body'],
  ['sink(JSON.parse(event.body))', undefined],
  ['sink(event.ok ? event.a : other)', undefined],
  ['let x = event.a; if (event.b) x = 1; sink(x)', 'a'],
  ['let x = event.a; if (event.b) x = event.c; sink(x)', undefined],
])('%s is %s', (body, path) => expect(inSink(handler(body)).path).toBe(path))

test.each([
  [
    'methods and files',
    {
      'app.js':
        "const { Store } = require('./store')\nconst store = new Store('t')\nexports.handler = async (event) => store.save(event.id)",
      'store.js':
        'class Store { constructor(table) { this.table = table }\n save(id) { return sink(`${this.table} ${id}`) } }\nmodule.exports = { Store }',
    },
    ['id'],
  ],
  [
    're-exports',
    {
      'app.mjs':
        "import * as lib from './index.mjs'\nexport const handler = async (event) => lib.save(event.name, event.age)",
      'index.mjs': "export { write as save } from './lib.mjs'",
      'lib.mjs': 'export const write = (name, age) => sink(name)',
    },
    ['name'],
  ],
  [
    'a callback of the project',
    {
      'app.js':
        'const each = (list, fn) => { for (const one of list) fn(one) }\nexports.handler = async (event) => each(event.items, it => sink(it.name))',
    },
    ['items.[].name'],
  ],
  [
    'a wrapper',
    {
      'app.js': "const middy = require('@middy/core')\nexports.handler = middy(async (event) => sink(event.x)).use(y)",
    },
    ['x'],
  ],
  ['both branches', handler('sink(event.ok ? event.a : `x ${event.b}`)'), ['a', 'b']],
  ['the whole event', handler('sink(`${JSON.stringify(event)}`)'), ['']],
  ['then', handler('return fetch("x").then(() => event.a).then(it => sink(it))'), ['a']],
  [
    'circles',
    {
      'app.js':
        'const f = (x) => g(x)\nconst g = (x) => (x ? f(x) : x)\nexports.handler = async (event) => sink(f(event.a))',
    },
    ['a'],
  ],
])('%s', (_, files, flows) => expect(inSink(files as { readonly [path: string]: string }).flows).toEqual(flows))
