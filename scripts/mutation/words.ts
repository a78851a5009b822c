/** Cases whose page speaks of what a mutant changes: they are the likeliest to notice. */
import type { Spec } from '../../spec/model.ts'
import type { Case } from '../../suites/case.ts'

/** Cases that are put first. */
const FOREMOST = 12

/**
 * The cases in another order: first those whose clause or property has words of a text, the rarest words first, and
 * before them those that are called by such a word: settings stand in many properties that are about something else.
 */
export function bySharedWords(
  spec: Pick<Spec, 'properties'>,
): (cases: readonly Case[], text: string) => readonly Case[] {
  const properties = new Map(spec.properties.map(one => [one.id, one]))
  const texts = new Map<Case, string>()
  const textOf = (one: Case): string => {
    const known =
      texts.get(one) ?? joined(JSON.stringify([one.clause.id, one.clause.text, properties.get(one.clause.id)]))
    texts.set(one, known)
    return known
  }
  return (cases, text) => {
    const scores = new Map<Case, number>()
    for (const word of wordsOf(text)) {
      const having = cases.filter(one => textOf(one).includes(word))
      const called = having.filter(one => joined(one.clause.id).includes(word))
      for (const one of having) scores.set(one, (scores.get(one) ?? 0) + 1 / having.length)
      for (const one of called) scores.set(one, (scores.get(one) ?? 0) + 1 / called.length)
    }
    const first = [...scores].sort(([, a], [, b]) => b - a).map(([one]) => one)
    return [...new Set([...first.slice(0, FOREMOST), ...cases])]
  }
}

/** Names of members, errors and states as pages write them: words of code are on no page. */
function wordsOf(text: string): ReadonlySet<string> {
  const words = text.match(/[A-Za-z][A-Za-z0-9_.-]{4,}/g) ?? []
  // `input.Timeout` is no word of a page, and `Timeout` is.
  const parts = words.flatMap(word => [word, ...word.split('.').filter(part => /[A-Z]/.test(part) && part.length > 4)])
  return new Set(parts.filter(word => /[A-Z]|[._-]/.test(word)).map(joined))
}

/** `initError`, `init-error` and `init/error` are one word, written in as many ways. */
function joined(text: string): string {
  return text.toLowerCase().replace(/[\s/_-]/g, '')
}
