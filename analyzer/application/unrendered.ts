/**
 * Whether a text bears the marks of an engine that completes it first: Jinja, Mustache, Handlebars, ERB, EJS. A dynamic
 * reference of CloudFormation (`{{resolve:…}}`) is none.
 */
export const isUnrendered = (text: string): boolean =>
  /\{\{(?!\s*resolve:)[^{}\n]*\}\}|\{%-?\s*\w|<%[-=#]?\s*\w/.test(text)
