import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyEvidence, evidenceOf, resultOf } from '../fixtures/evidence.ts'
import { expectHarmless } from '../fixtures/expect-harmless.ts'
import { sampleEvidence } from '../fixtures/sample.ts'
import { renderGithub } from './github.ts'
import { summarize } from '../summary.ts'

/** As the runner reads a line: properties are decoded after they are split. */
function parse(line: string): {
  readonly kind: string
  readonly properties: { readonly [name: string]: string }
  readonly message: string
} {
  const match = /^::(error|warning|notice) ([^:]*)::(.*)$/.exec(line)
  if (match === null) throw new Error(`not a command: ${line}`)
  const decode = (text: string): string =>
    text
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%25', '%')
  return {
    kind: match[1]!,
    properties: Object.fromEntries(
      match[2]!.split(',').map(one => [one.slice(0, one.indexOf('=')), decode(one.slice(one.indexOf('=') + 1))]),
    ),
    message: decode(match[3]!),
  }
}

const commands = (text: string): ReturnType<typeof parse>[] =>
  text
    .split('\n')
    .filter(line => line !== '')
    .map(parse)

describe('renderGithub', () => {
  it('is one command a line and as many as there is to say, for any evidence', () => {
    fc.assert(
      fc.property(anyEvidence(), evidence => {
        const text = renderGithub(evidence)
        expectHarmless(text)
        const all = commands(text)
        const { findings, causes } = summarize(evidence)
        expect(all).toHaveLength(findings.length + Math.min(causes.length, 10) + (causes.length > 10 ? 1 : 0))
        for (const { properties } of all)
          expect(
            Object.keys(properties).every(key =>
              ['file', 'line', 'endLine', 'col', 'endColumn', 'title'].includes(key),
            ),
          ).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('places findings and names causes', () => {
    const all = commands(renderGithub(sampleEvidence()))
    expect(all[2]).toEqual({
      kind: 'error',
      properties: {
        file: 'template.yaml',
        line: '27',
        endLine: '27',
        col: '26',
        endColumn: '28',
        title: 'lambdacheck sqs-visibility-below-timeout',
      },
      message:
        'The queue shows a message again after 30 s, while the function may still work on it for 60 s: the mapping is refused at deployment.\ntemplate.yaml:18:16: the function may run for 60 s\nMake the visibility timeout at least six times the timeout of the function.',
    })
    const [cause] = summarize(sampleEvidence()).causes
    const told = all.find(one => one.properties['title'] === `lambdacheck: ${cause?.title}`)
    expect(told?.kind).toBe('error')
    expect(told?.message).toMatch(/^\d+ cases?.*\n[^]*Replay: lambdacheck certify /)
  })

  it('escapes what would end a property or a command', () => {
    const [one] = commands(
      renderGithub(
        evidenceOf([
          resultOf({ verdict: 'fail', expected: '50%, \n::error::x', clause: { id: 'a,b:c%0Ad', level: 'should' } }),
        ]),
      ),
    )
    expect(one?.kind).toBe('warning')
    expect(one?.message).toContain('Expected: 50%, ::error::x')
  })

  it('says nothing of a clean run', () => {
    expect(renderGithub(sampleEvidence({ clean: true, findings: false }))).toBe('')
  })
})
