/** What calls do to the values that go through them, by their names alone. */

/** Methods of a list that hand each element to their callback, and answer something else or nothing. */
export const ELEMENT_FIRST: ReadonlySet<string> = new Set([
  'forEach',
  'map',
  'flatMap',
  'filter',
  'some',
  'every',
  'find',
  'findLast',
  'findIndex',
  'sort',
  'toSorted',
])

/** Methods that answer a list of the same elements. */
export const SAME_ELEMENTS: ReadonlySet<string> = new Set([
  'filter',
  'slice',
  'sort',
  'toSorted',
  'reverse',
  'toReversed',
  'concat',
  'flat',
  'splice',
  'values',
])

/** Methods that answer one of the elements. */
export const ONE_ELEMENT: ReadonlySet<string> = new Set(['at', 'pop', 'shift', 'find', 'findLast'])

/** Methods that give a text, or a part of it, as it was. */
export const KEEPS_TEXT: ReadonlySet<string> = new Set([
  'trim',
  'trimStart',
  'trimEnd',
  'toString',
  'toLowerCase',
  'toUpperCase',
  'slice',
  'substring',
  'substr',
  'split',
  'normalize',
  'padStart',
  'padEnd',
  'repeat',
  'text',
  'json',
])

/** Functions that read or write the form of a value, whatever it holds. */
export const DECODES: ReadonlySet<string> = new Set([
  'String',
  'decodeURIComponent',
  'decodeURI',
  'unescape',
  'atob',
  'JSON.parse',
  'Buffer.from',
  'structuredClone',
  'Object.fromEntries',
])

/** What is no text any more. */
export const NO_TEXT: ReadonlySet<string> = new Set(['length', 'byteLength', 'size'])

/**
 * Functions by whatever name that call their second argument with each element of their first: `pMap(list, fn)`,
 * `async.eachLimit(list, 5, fn)`.
 */
export const OVER_LIST = /map|each|filter|series|limit|forof|parallel/i
