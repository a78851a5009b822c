/** `$variable.path` and `${variable.path}` in the templates of pages. */
import type { Scope } from '../case.ts'

/** A template names a variable that is not there: a defect of the page, or a fixture that was not asked for. */
export class UnknownVariable extends Error {
  override readonly name = 'UnknownVariable'
}

const WHOLE = /^\$[A-Za-z][\w-]*(?:\.[\w$-]+)*$/
const INSIDE = /\$\{([A-Za-z][\w-]*(?:\.[\w$-]+)*)\}/g

/**
 * The value that a string of a template stands for. `$function.Code.Sha` alone gives the value itself, of whatever
 * type; `${…}` puts it into the text; `$$` at the beginning is one literal `$`; `$LATEST` is no variable but the name
 * of the unpublished version.
 */
export function resolveText(text: string, scope: Scope): unknown {
  if (text.startsWith('$$')) return interpolate(text.slice(1), scope)
  if (WHOLE.test(text) && !/^\$LATEST(?!\w)/.test(text)) return lookUp(text.slice(1), scope)
  return interpolate(text, scope)
}

function interpolate(text: string, scope: Scope): string {
  return text.replace(INSIDE, (_, reference: string) => {
    const value = lookUp(reference, scope)
    return typeof value === 'object' ? JSON.stringify(value) : String(value)
  })
}

function lookUp(reference: string, scope: Scope): unknown {
  const [variable = '', ...path] = reference.split('.')
  if (!Object.hasOwn(scope, variable)) {
    throw new UnknownVariable(
      `there is no variable $${variable}; known are ${
        Object.keys(scope)
          .map(name => `$${name}`)
          .join(', ') || 'none'
      }`,
    )
  }
  let value = scope[variable]
  for (const step of path) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as { [key: string]: unknown })[step]
        : undefined
  }
  return value
}
