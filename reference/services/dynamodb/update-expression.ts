import { refuseService } from '../service-error.ts'
import type { AttributeValue, Item } from './table.ts'

type Names = { readonly [placeholder: string]: unknown }

/**
 * An item after `SET a = :x, #b = :y REMOVE c ADD n :z`. Functions, sums, paths into attributes and sets are not known
 * here.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
export function updateItem(item: Item, expression: string, names: Names, values: Names): Item {
  const after: { [attribute: string]: AttributeValue } = { ...item }
  const parts = expression.split(/\b(SET|REMOVE|ADD|DELETE)\b/i).map(part => part.trim())
  if (parts[0] !== '' || parts.length < 3) return invalid(`Syntax error: ${expression.slice(0, 100)}`)
  const attribute = (text: string): string => {
    const name = text.startsWith('#') ? names[text] : text
    return typeof name === 'string' && /^[#\w-]+$/.test(text)
      ? name
      : invalid(`An expression attribute name is not defined, or not known here: ${text.slice(0, 100)}`)
  }
  const valueNamed = (text: string): AttributeValue => {
    const value = text.startsWith(':') ? values[text] : after[attribute(text)]
    return typeof value === 'object' && value !== null
      ? (value as AttributeValue)
      : invalid(`An expression attribute value used in expression is not defined: ${text.slice(0, 100)}`)
  }
  for (let at = 1; at < parts.length; at += 2) {
    for (const clause of (parts[at + 1] ?? '').split(',').map(one => one.trim())) {
      const verb = (parts[at] ?? '').toUpperCase()
      const [left = '', right = ''] = clause.split(verb === 'SET' ? /\s*=\s*/ : /\s+/)
      if (verb === 'SET') after[attribute(left)] = valueNamed(right)
      else if (verb === 'REMOVE') delete after[attribute(left)]
      else if (verb === 'ADD') {
        const before = after[attribute(left)]?.['N'] ?? '0'
        after[attribute(left)] = { N: String(Number(before) + Number(valueNamed(right)['N'])) }
      } else invalid('DELETE of sets is not known to this endpoint.')
    }
  }
  return after
}

function invalid(reason: string): never {
  return refuseService('ValidationException', `Invalid UpdateExpression: ${reason}`)
}
