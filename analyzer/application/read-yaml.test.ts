import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Raw } from './raw.ts'
import { readYaml } from './read-yaml.ts'
import { relaxYaml } from './relax-yaml.ts'

/** Keys, items and texts as they are written, for comparison with another reader. */
type Plain = string | Plain[] | [string, Plain][]

function plain(raw: Raw | undefined, text: string): Plain {
  if (!raw) return ''
  if (raw.kind === 'list') return raw.items.map(item => plain(item, text))
  if (raw.kind === 'map')
    return raw.entries.map(entry => [entry.key, plain(entry.value, text)] as [string, Plain]).sort(byKey)
  return typeof raw.value === 'string' ? raw.value : text.slice(raw.start, raw.end)
}

const byKey = ([one]: [string, Plain], [other]: [string, Plain]): number => (one < other ? -1 : one > other ? 1 : 0)

const READER = `
import json, sys, yaml
def plain(node, seen):
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [plain(item, seen) for item in node.value]
    own, merged = {}, {}
    for key, value in node.value:
        if key.tag == 'tag:yaml.org,2002:merge':
            for source in (value.value if isinstance(value, yaml.SequenceNode) else [value]):
                for name, inner in plain(source, seen):
                    merged.setdefault(name, inner)
        else:
            own[key.value] = plain(value, seen)
    merged.update(own)
    return sorted([[key, value] for key, value in merged.items()], key=lambda pair: [ord(c) for c in pair[0]])
out = []
for text in json.load(sys.stdin):
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        out.append(None if node is None else plain(node, set()))
    except (yaml.YAMLError, TypeError):
        out.append(False)
print(json.dumps(out))`

const python = fileURLToPath(new URL('../../.venv/bin/python', import.meta.url))
const hasPyYaml = spawnSync(python, ['-c', 'import yaml']).status === 0

/** What PyYAML reads in each text; false where it refuses. */
function readWithPython(texts: readonly string[]): (Plain | false | null)[] {
  const answer = spawnSync(python, ['-c', READER], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (answer.status !== 0) throw new Error(answer.stderr)
  return JSON.parse(answer.stdout) as (Plain | false | null)[]
}

type Tree = string | Tree[] | { readonly [key: string]: Tree }

const word = fc.constantFrom(
  'a',
  'Type',
  'AWS::Lambda::Function',
  'it is so',
  'src/app.handler',
  '30',
  'true',
  'rate(1 hour)',
  '10.0.0.0/16',
  'x-y_z',
)
const key = fc.constantFrom('Type', 'Properties', 'Timeout', 'Ref', 'Fn::Sub', 'a key', 'Statement', 'B', 'C', 'D')
const { tree } = fc.letrec<{ tree: Tree }>(tie => ({
  tree: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'tree' },
    word,
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    fc
      .uniqueArray(fc.tuple(key, tie('tree')), { minLength: 1, maxLength: 3, selector: ([name]) => name })
      .map(entries => Object.fromEntries(entries)),
  ),
}))

/** Writes a tree in any of the ways that templates are written, drawn from a list of numbers. */
function write(root: Tree, draws: readonly number[]): string {
  let drawn = 0
  const pick = (most: number): number => (draws[drawn++ % draws.length] ?? 0) % most
  const line = (): string => `\n${' '.repeat(pick(7))}`
  const space = (): string => (pick(3) === 0 ? line() : ' ')
  const scalar = (text: string, least: number): string => {
    const over = (part: string): string =>
      pick(3) === 0 ? part.replace(/ /, () => `\n${' '.repeat(least === 0 ? 1 + pick(4) : pick(5))}`) : part
    const style = pick(4)
    if (style === 0) return `"${over(text)}"`
    if (style === 1) return `'${over(text)}'`
    return text
  }
  const flow = (node: Tree): string => {
    if (typeof node === 'string')
      return scalar(node, 1).replace(/^([^"'].*)$/s, all => (/[:{}[\],]/.test(all) ? `"${all}"` : all))
    if (Array.isArray(node)) return `[${space()}${node.map(flow).join(`,${space()}`)}${pick(2) ? space() : ''}]`
    return `{${space()}${Object.entries(node)
      .map(([name, value]) => `${name.includes(':') ? `"${name}"` : name}: ${flow(value)}`)
      .join(`,${space()}`)}${pick(2) ? space() : ''}}`
  }
  const block = (node: Tree, indent: number): string => {
    const pad = ' '.repeat(indent)
    const child = (value: Tree): string => {
      const tag = pick(8) === 0 ? '!Sub ' : pick(9) === 0 ? `&a${drawn} ` : ''
      if (typeof value === 'string')
        return pick(5) === 0
          ? ` ${tag}|\n${pad}    ${value}\n`
          : pick(7) === 0
            ? ` ${tag}>-\n${pad}   ${value}\n${pad}   more\n`
            : ` ${tag}${scalar(value, 1)}${pick(6) === 0 ? ' # a remark: {' : ''}\n`
      if (pick(3) === 0) return ` ${tag}${flow(value)}\n`
      return `${tag ? ` ${tag.trim()}` : ''}\n${block(value, indent + 1 + pick(4))}`
    }
    if (typeof node === 'string') return `${pad}${scalar(node, 0)}\n`
    if (Array.isArray(node)) return node.map(item => `${pad}-${child(item)}`).join('')
    return Object.entries(node)
      .map(([name, value]) => `${pad}${name}:${child(value)}`)
      .join('')
  }
  return typeof root === 'string' ? `Key: ${scalar(root, 1)}\n` : block(root, 0)
}

/** The written texts, and each with one character taken out or put in. */
const corpus = (): string[] =>
  fc
    .sample(
      fc.tuple(
        tree,
        fc.array(fc.nat(1000), { minLength: 20, maxLength: 60 }),
        fc.nat(10_000),
        fc.constantFrom('', ' ', '\n', '"', '}', ': '),
      ),
      { numRuns: 900, seed: 7 },
    )
    .flatMap(([root, draws, at, change]) => {
      const text = write(root, draws)
      const place = at % text.length
      return [text, text.slice(0, place) + change + text.slice(place + (change === '' ? 1 : 0))]
    })

describe('YAML', () => {
  it.skipIf(!hasPyYaml)(`is read like PyYAML reads it${hasPyYaml ? '' : ' (SKIPPED: no PyYAML in .venv)'}`, () => {
    const texts = corpus()
    const theirs = readWithPython(texts)
    let taken = 0
    const different: unknown[] = []
    texts.forEach((text, index) => {
      const answer = theirs[index]
      if (answer === false || answer === null || answer === undefined) return
      taken++
      const { raw, problems } = readYaml(text)
      const ours = plain(raw, text)
      if (problems.some(problem => !problem.harmless) || JSON.stringify(ours) !== JSON.stringify(answer))
        different.push({ text, ours, theirs: answer, problems })
    })
    expect(taken).toBeGreaterThan(900)
    expect(different.slice(0, 3)).toEqual([])
  })

  it('keeps the places of what stands too far left', () => {
    const text = 'A: {\n B: "x\ny", C: [\n1,\n2\n]\n}\nD: 5\n'
    const { raw, problems } = readYaml(text)
    expect(problems).toEqual([])
    expect(plain(raw, text)).toEqual([
      [
        'A',
        [
          ['B', 'x y'],
          ['C', ['1', '2']],
        ],
      ],
      ['D', '5'],
    ])
    const entries = raw?.kind === 'map' ? raw.entries : []
    expect(entries.map(entry => text.slice(entry.keyStart, entry.keyEnd))).toEqual(['A', 'D'])
    expect(text.slice(entries[0]!.value.start, entries[0]!.value.end)).toBe('{\n B: "x\ny", C: [\n1,\n2\n]\n}')
    expect(text.slice(entries[1]!.value.start, entries[1]!.value.end)).toBe('5')
  })

  it('moves nothing in a text that stands well', () => {
    expect(relaxYaml('A:\n  B: |\n    {\n  C: "x\n    y"\n  D: [1,\n    2]\n')).toBeUndefined()
    expect(relaxYaml('A: plain text\n  with {more\nB: x\n')).toBeUndefined()
  })

  it('tells every key that stands twice, and takes the last', () => {
    const text = 'A: 1\nB: {C: 1, C: 2}\nA: 3\n'
    const { raw, problems } = readYaml(text)
    expect(problems.map(problem => [problem.harmless, text.slice(problem.start, problem.end), problem.start])).toEqual([
      [true, 'C', 15],
      [true, 'A', 21],
    ])
    expect(plain(raw, text)).toEqual([
      ['A', '3'],
      ['B', [['C', '2']]],
    ])
  })

  it('never takes long', () => {
    const deep = `A: ${'{B: '.repeat(2000)}1${'}'.repeat(2000)}`
    const quotes = `A: ${"'\n".repeat(4_000)}`
    const before = process.cpuUsage()
    for (const text of [
      deep,
      quotes,
      `A: {${'\nB: 1,'.repeat(4_000)}`,
      '- '.repeat(5000),
      '!'.repeat(50_000),
      `"${'a\n'.repeat(4_000)}`,
    ])
      readYaml(text)
    // Time of the processor: a busy machine takes longer.
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1000).toBeLessThan(8000)
  })
})
