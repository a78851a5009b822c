import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { anyEvidence, evidenceOf, resultOf } from '../fixtures/evidence.ts'
import { expectHarmless } from '../fixtures/expect-harmless.ts'
import { sampleEvidence } from '../fixtures/sample.ts'
import { renderFindings, renderTerminal } from './terminal.ts'

const shown = (evidence = sampleEvidence(), width = 100): string => renderTerminal(evidence, { width, color: false })

describe('renderTerminal', () => {
  it('says the verdict first where no details are asked for, and last in any case', () => {
    const brief = renderTerminal(sampleEvidence(), { width: 100, color: false, details: false })
    expect(brief.split('\n')[2]).toMatch(/NOT CERTIFIED\s+4 of 11 profiles certified\./)
    expect(brief).toContain('CAUSES  ')
    expect(brief).not.toContain('FAILURES  ')
    for (const text of [brief, shown()]) {
      const [replay, verdict] = text.trimEnd().split('\n').slice(-2)
      expect(replay).toMatch(/^Replay it: lambdacheck certify .* --seed 42/)
      expect(verdict).toMatch(/^NOT CERTIFIED · 2,124 cases · /)
    }
    expect(shown().indexOf('FAILURES  ')).toBeLessThan(shown().indexOf('CAUSES  '))
    expect(shown(sampleEvidence({ clean: true, findings: false }))).toMatch(
      /\nCERTIFIED\s+All 11 profiles are certified\./,
    )
    expect(shown(evidenceOf([]))).toContain('NOTHING TESTED')
  })

  it('says for each failure the sentence, its place, what was expected and came, and how to see it again', () => {
    const text = shown()
    const from = text.indexOf('CreateFunction.request.Role.range')
    const failure = text.slice(from, text.indexOf('\n\n', from))
    expect(failure.split('\n')).toEqual([
      'CreateFunction.request.Role.range  must · functions',
      '  “Role of CreateFunction is from 128 to 10240.”',
      '  spec/api/CreateFunction.md:18',
      '    ✘ Role one below the least (127)',
      '      expected  400 with InvalidParameterValueException or ValidationException',
      '      actual    201 {"FunctionName":"lc-7f3a-function","MemorySize":127}',
      '      smallest  { "FunctionName": "lc-7f3a-function", "MemorySize": 127 }',
      '      see       https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html',
      '      replay    lambdacheck certify --endpoint sample --clause CreateFunction.request.MemorySize.range --seed 42 --path 1032:1:0',
      `      curl      curl -sS -X POST 'http://127.0.0.1:4566/2015-03-31/functions' -H 'content-type: application/json' -d '{"FunctionName":"lc-7f3a-function","MemorySize":127}'`,
      '      aws       aws lambda create-function --endpoint-url http://127.0.0.1:4566 --function-name lc-7f3a-function --memory-size 127',
    ])
  })

  it('names what is not implemented, skipped and inconclusive, and counts by level', () => {
    const text = shown()
    expect(text).toContain('Not implemented by the endpoint (3): CreateCodeSigningConfig, GetCodeSigningConfig,')
    expect(text).toContain('Skipped in event-sources: 102 cases (needs sqs, which this endpoint does not have).')
    expect(text).toContain('INCONCLUSIVE  3 clauses, 3 cases')
    expect(text).toMatch(/MUST +1,757 +54 +3 +174 +102/)
  })

  it('tells which expected failures are none any more', () => {
    expect(shown(evidenceOf([resultOf({ id: 'was.broken', expectedFailure: true })]))).toContain(
      'Expected to fail, but pass: was.broken. Take it off the list of expected failures.',
    )
  })

  it('says of a narrowed run that what ran holds, or does not', () => {
    const narrowed = ['--smoke']
    const passed = shown(
      evidenceOf([resultOf(), resultOf({ id: 'b', verdict: 'skipped', clause: { profile: 'invoke' } })], { narrowed }),
    )
    expect(passed).toContain(
      'PASSED IN PART   Only a part was asked for (--smoke), so nothing is certified; what ran holds.',
    )
    expect(passed).toMatch(/functions +◐ holds in part +1\/1\n +invoke +· not tested +0\/1 +1 skipped\n/)
    const failed = shown(evidenceOf([resultOf(), resultOf({ id: 'b', verdict: 'fail' })], { narrowed }))
    expect(failed).toMatch(
      /NOT CERTIFIED {3}Only a part was asked for \(--smoke\), so nothing is certified; what ran does not\shold\./,
    )
    expect(failed).toMatch(/functions +✘ not certified +1\/2 +1 fail\n/)
  })

  it('gives the reason where it says more than what was expected and came', () => {
    const text = shown(
      evidenceOf([
        resultOf({
          verdict: 'fail',
          reason: 'the step at behaviour/headers.md:15 does not hold',
          expected: 'a',
          actual: 'b',
        }),
        resultOf({ id: 'b', verdict: 'fail', reason: 'expected a, got b', expected: 'a', actual: 'b' }),
      ]),
    )
    expect(text.match(/reason {4}.*/g)).toEqual(['reason    the step at behaviour/headers.md:15 does not hold'])
  })

  it('stays within the width, commands and values apart', () => {
    for (const width of [60, 80, 120]) {
      const prose = shown(undefined, width)
        .split('\n')
        .filter(
          line =>
            !/^ {6}(replay|curl|aws|see|alone|smallest| {10})/.test(line) && !/^(lambdacheck|Replay it:) /.test(line),
        )
      expect(Math.max(...prose.map(line => stringWidth(line)))).toBeLessThanOrEqual(Math.max(width, 80))
    }
  })

  it('colours only when asked', () => {
    const colored = renderTerminal(sampleEvidence(), { width: 100, color: true })
    expect(colored).toContain('\u001b[')
    expect(colored.replace(/\u001b\[\d+m/g, '')).toContain('NOT CERTIFIED')
    expect(shown()).not.toContain('\u001b')
  })

  it('shows no more clauses than asked for, and counts the rest', () => {
    expect(renderTerminal(sampleEvidence(), { width: 100, color: false, most: 6 })).toContain(
      '… and 27 more clauses: all of them are in report.html',
    )
  })

  it('is harmless and bounded for any evidence', () => {
    fc.assert(
      fc.property(anyEvidence(), fc.integer({ min: 1, max: 300 }), (evidence, width) => {
        expectHarmless(renderTerminal(evidence, { width, color: false }))
        const colored = renderTerminal(evidence, { width, color: true })
        expectHarmless(colored.replace(/\u001b\[\d+m/g, ''))
        expect(colored.length).toBeLessThan(400_000)
      }),
    )
  })

  it('bounds strings of a megabyte', () => {
    const [evidence] = fc.sample(anyEvidence(fc.constant('\u001b[1m<b>'.repeat(125_000))), { numRuns: 1, seed: 3 })
    expect(shown(evidence).length).toBeLessThan(200_000)
  })
})

describe('renderFindings', () => {
  it('shows the frame, the other end, and what to do', () => {
    const text = renderFindings(sampleEvidence(), { width: 100, color: false })
    const from = text.indexOf('  template.yaml:27:26')
    expect(text.slice(from, text.indexOf('\n\n', from)).split('\n')).toEqual([
      '  template.yaml:27:26  The queue shows a message again after 30 s, while the function may still',
      '    work on it for 60 s: the mapping is refused at deployment.',
      '      24 │   Jobs:',
      '      25 │     Type: AWS::SQS::Queue',
      '      26 │     Properties:',
      '    ❯ 27 │       VisibilityTimeout: 30',
      '         │                          ^^',
      '    ↳ template.yaml:18:16  the function may run for 60 s',
      '      16 │     Properties:',
      '      17 │       Handler: src/worker.handler',
      '    ❯ 18 │       Timeout: 60',
      '         │                ^^',
      '      19 │       Events:',
      '      20 │         Jobs:',
      '    help  Make the visibility timeout at least six times the timeout of the function.',
      '    fix   Set VisibilityTimeout to 360 (lambdacheck lint --fix)',
    ])
    expect(text).toMatch(/\n✘ 3 errors, 1 warning \(1 suppressed\)\n$/)
  })

  it('tells errors first, then by rule, and how many of each there are', () => {
    const text = renderFindings(sampleEvidence(), { width: 100, color: false })
    const heads = [...text.matchAll(/^(error|warning|info) [\w-]+(?: \(\d+\))?$/gm)].map(match => match[1])
    expect(heads.length).toBeGreaterThan(1)
    expect(heads).toEqual([...heads].sort())
    expect(text).toMatch(/^ {6}\d {2}error {2}sqs-visibility-below-timeout$/m)
  })

  it('gives no clean answer about what was not read', () => {
    const evidence = { ...evidenceOf([]), notes: ['no template was found here: nothing was checked'] }
    expect(renderFindings(evidence, { width: 80, color: false })).toBe(
      '! nothing was found in what was read: no template was found here: nothing was checked\n',
    )
  })

  it('says so when there is nothing', () => {
    expect(renderFindings(evidenceOf([]), { width: 80, color: false })).toBe('✔ no findings\n')
  })
})
