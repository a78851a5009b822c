/** Every rule says how it was proved, and what is proved by words alone only warns. */
import { describe, expect, it } from 'vitest'
import { compilePages } from '../spec/compiler/compile-pages.ts'
import { loadSpec } from '../spec/compiler/compile.ts'
import { constraintsOf } from './services/constraint-findings.ts'

const pages = Object.values(loadSpec().rules)
const unlike = (isRight: (page: (typeof pages)[number]) => boolean): readonly string[] =>
  pages.filter(page => !isRight(page)).map(page => page.id)

describe('the proof of a rule', () => {
  it('stands on its page', () => {
    expect(unlike(page => page.proof.length > 0)).toEqual([])
  })

  it('is more than documentation where the rule is an error', () => {
    expect(
      unlike(
        ({ severity, proof }) =>
          severity !== 'error' || proof.some(one => /^(recorded|reported|schema|language)$/.test(one)),
      ),
    ).toEqual([])
  })

  it('quotes the answer of AWS that was recorded, or says who reproduced it', () => {
    expect(
      unlike(
        ({ proof, markdown }) =>
          !proof.includes('recorded') || /AWS answers `[^`]+`|reproduced on AWS by/.test(markdown),
      ),
    ).toEqual([])
  })

  it('quotes what people report of an answer that no recording has', () => {
    expect(
      unlike(
        ({ proof, markdown }) => proof.includes('reported') === /People report that AWS answers `[^`]+`/.test(markdown),
      ),
    ).toEqual([])
  })

  it('is that of its rows, where the page has a table of them', () => {
    const wrong = pages.flatMap(({ id, proof }) => {
      const rows = [...new Set(constraintsOf(id).map(one => one.proof))].sort()
      return rows.length && rows.join() !== proof.toSorted().join() ? [`${id}: ${rows.join(', ')}`] : []
    })
    expect(wrong).toEqual([])
  })

  it.each(['documentation', 'policy', 'documentation policy'])('%s is refused for an error', proof => {
    const page = `---\nrule: a-b\ncategory: template\nseverity: error\nconfidence: certain\nproof: ${proof}\n---\n# A\n\nB.\n`
    const { errors } = compilePages([{ file: 'rules/a-b.md', text: page }])
    expect(errors.map(error => error.message).join('\n')).toContain(
      'an error is proved by one of recorded, reported, schema',
    )
    const proved = compilePages([{ file: 'rules/a-b.md', text: page.replace('proof: ', 'proof: language ') }])
    expect(proved.errors.map(error => error.message).join('\n')).not.toContain('an error is proved')
  })
})
