/** `aws_iam_policy_document`: the blocks of a policy as the document that they become. */
import { listValue, scalarValue, translatedValue, unknownValue } from '../value.ts'
import type { Value } from '../value.ts'
import { jsonDocument } from './json-document.ts'

/**
 * The blocks of `aws_iam_policy_document` as a policy document, behind the statements of the documents that it builds
 * on.
 */
export function policyDocument(attributes: Value): Value {
  const statements = attributes.at('statement')
  const sources = attributes.at('source_policy_documents')
  const inherited = sources.items().map(source => jsonDocument(source).at('Statement'))
  return translatedValue(attributes.loc, {
    Version: scalarValue(attributes.loc, '2012-10-17'),
    Statement: listValue(
      statements.isAbsent ? attributes.loc : statements.loc,
      [
        ...inherited.flatMap(list => list.items('single')).map(one => () => one),
        ...statements.items('single').map(one => () => statementOf(one)),
      ],
      [statements, sources, ...inherited].some(list => list.isUnknown || list.open) ||
        !attributes.at('override_policy_documents').isAbsent,
    ),
  })
}

const statementOf = (one: Value): Value =>
  translatedValue(one.loc, {
    Sid: one.at('sid'),
    Effect: one.at('effect').isAbsent ? scalarValue(one.loc, 'Allow') : one.at('effect'),
    Action: one.at('actions'),
    NotAction: one.at('not_actions'),
    Resource: one.at('resources'),
    NotResource: one.at('not_resources'),
    Principal: principals(one.at('principals')),
    NotPrincipal: principals(one.at('not_principals')),
    Condition: conditions(one.at('condition')),
  })

/** `principals { type, identifiers }`, once or several times. */
function principals(written: Value): Value | undefined {
  if (written.isAbsent) return undefined
  const items = written.items('single')
  const types = items.map(one => one.at('type').string())
  if (written.isUnknown || written.open || types.some(type => type === undefined))
    return unknownValue(written.loc, 'the principals are not known')
  const [only] = items
  // `*` with `*` is everybody, as IAM writes it.
  if (items.length === 1 && only && types[0] === '*') return scalarValue(only.loc, '*')
  return translatedValue(
    written.loc,
    Object.fromEntries(
      [...new Set(types)].map(type => {
        const same = items.filter((_, index) => types[index] === type).map(one => one.at('identifiers'))
        const list = listValue(
          written.loc,
          same.flatMap(one => one.items('single')).map(one => () => one),
          same.some(one => one.isUnknown || one.open),
        )
        return [type, same.length === 1 ? same[0] : list]
      }),
    ),
  )
}

/** `condition { test, variable, values }` as the mapping of a policy, test by test. */
function conditions(written: Value): Value | undefined {
  if (written.isAbsent) return undefined
  if (written.isUnknown || written.open) return unknownValue(written.loc, 'the conditions are not known')
  const tests = new Map<string, Value[]>()
  for (const one of written.items('single')) {
    const test = one.at('test').string()
    const variable = one.at('variable').string()
    if (test === undefined || variable === undefined) return unknownValue(written.loc, 'the conditions are not known')
    tests.set(test, [...(tests.get(test) ?? []), one])
  }
  return translatedValue(
    written.loc,
    Object.fromEntries(
      [...tests].map(([test, ones]) => [
        test,
        translatedValue(
          written.loc,
          Object.fromEntries(ones.map(one => [one.at('variable').string() ?? '', one.at('values')])),
        ),
      ]),
    ),
  )
}
