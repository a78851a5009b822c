/** Values that the constraints of a page describe only in part. */
import fc from 'fast-check'
import type { Member } from '../../spec/model.ts'

/** Names that Lambda keeps for itself, or that change how a runtime starts. */
const RESERVED = /^(_|AWS_|AWS$|LAMBDA_|LAMBDA$|TZ$|PATH$|HOME$|LANG$|NODE_|LD_|PYTHON|JAVA_|DOTNET_|GEM_|RUBY)/i

/** Keys and values of tags as the tagging service accepts them, none of them AWS's own. */
const TAG_UNIT = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-=._:/@ ')

const tags = fc.dictionary(
  fc.string({ unit: TAG_UNIT, minLength: 1, maxLength: 20 }).filter(key => key.trim() === key && !/^aws/i.test(key)),
  fc.string({ unit: TAG_UNIT, maxLength: 20 }).filter(value => value.trim() === value),
  { minKeys: 1, maxKeys: 4, noNullPrototype: true },
)

const variables = fc.dictionary(
  fc.stringMatching(/^[A-Z][A-Z0-9_]{1,15}$/).filter(key => !RESERVED.test(key)),
  fc.string({ unit: 'grapheme-ascii', maxLength: 40 }),
  { maxKeys: 4, noNullPrototype: true },
)

/** Null: the constraints of the member say it all. */
export function specialValues(member: Member): fc.Arbitrary<unknown> | null {
  if (member.type.kind !== 'map') return member.name === 'Handler' ? handlers : null
  if (member.name === 'Tags') return tags
  if (member.name === 'Variables') return variables
  return null
}

/** Some runtimes look at the form of a handler before they accept it. */
const handlers = fc
  .tuple(fc.stringMatching(/^[a-z]{1,10}$/), fc.stringMatching(/^[a-z]{1,10}$/))
  .map(([file, name]) => `${file}.${name}`)
