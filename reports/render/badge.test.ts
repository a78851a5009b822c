import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { renderBadge, renderShield } from './badge.ts'
import type { Evidence } from '../evidence.ts'
import { figuresOf, percent } from '../figures.ts'
import { anyEvidence, evidenceOf } from '../fixtures/evidence.ts'
import { expectHarmless } from '../fixtures/expect-harmless.ts'
import { sampleEvidence } from '../fixtures/sample.ts'

const shield = (evidence: Evidence): { message: string; color: string } =>
  JSON.parse(renderShield(evidence)) as { message: string; color: string }
const lintOnly = (evidence: Evidence): Evidence => {
  const { endpoint: _, ...rest } = evidence
  return { ...rest, results: [], profiles: [] }
}

/** Both figures, never one of them. */
const SAMPLE_MESSAGE = (() => {
  const { divergence, coverage } = figuresOf(sampleEvidence())
  return `4 of 11 profiles: ${percent(divergence)} diverge, ${percent(coverage)} covered`
})()

describe('badges', () => {
  it.each<[string, Evidence, string, string]>([
    ['certified', sampleEvidence({ clean: true }), 'certified', '#1a7f37'],
    ['not certified', sampleEvidence(), SAMPLE_MESSAGE, '#9a6700'],
    ['not tested', evidenceOf([]), 'not tested', '#57606a'],
    ['lint with errors', lintOnly(sampleEvidence()), '3 lint errors', '#cf222e'],
    ['lint with nothing', lintOnly(evidenceOf([])), 'lint clean', '#1a7f37'],
  ])('%s', (_, evidence, message, color) => {
    expect(shield(evidence)).toEqual({ schemaVersion: 1, label: 'AWS Lambda', message, color })
    expect(renderBadge(evidence)).toContain(`<title>AWS Lambda: ${message}</title>`)
    expect(renderBadge(evidence)).toContain(`fill="${color}"`)
  })

  it('are well-formed and say "certified" only of a certified run', () => {
    fc.assert(
      fc.property(anyEvidence(), evidence => {
        const svg = renderBadge(evidence)
        expectHarmless(svg)
        const parser = new SaxesParser({ xmlns: true })
        parser.on('error', error => {
          throw error
        })
        parser.write(svg).close()
        if (shield(evidence).message === 'certified')
          expect(evidence.profiles.some(profile => profile.certified) && !evidence.partial).toBe(true)
      }),
    )
  })
})
