/**
 * Templates of XML, SVG and HTML that cannot forget to escape: whatever is put into a `markup` template is escaped,
 * unless it is markup itself.
 */

/** Text that is well-formed markup already. */
export interface Markup {
  readonly markup: string
}

type Part = Markup | string | number | undefined | false | readonly Part[]

/**
 * `markup\`<p title="${text}">${text}</p>\``: strings and numbers are escaped for element content and for attributes in
 * double quotes alike, lists are joined, `undefined` and `false` leave nothing.
 */
export function markup(literal: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = literal[0] ?? ''
  for (const [at, part] of parts.entries()) text += render(part) + (literal[at + 1] ?? '')
  return { markup: text }
}

/** Takes a string as markup: for what this package itself wrote, such as a style sheet. */
export function trusted(text: string): Markup {
  return { markup: text }
}

function render(part: Part): string {
  if (part === undefined || part === false) return ''
  if (typeof part === 'number') return String(part)
  if (typeof part === 'string') return escapeMarkup(part)
  if ('markup' in part) return part.markup
  return part.map(render).join('')
}

const ESCAPES: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, character => ESCAPES[character] ?? '')
}
