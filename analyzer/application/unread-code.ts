import { parseCode, syntaxError } from './code.ts'
import { type Found, MAX_CODE_BYTES } from './discover.ts'

/** Of more files nobody wants to hear why each was of no use. */
const MOST = 20
const MIB = 1024 * 1024

/** Where nothing was found to check: which code could not be read, and why, a line for each file. */
export function unreadCode(
  { code, tooLarge }: Pick<Found, 'code' | 'tooLarge'>,
  read: (path: string) => string | undefined,
): readonly string[] {
  const large = tooLarge.map(
    ({ path, size }) =>
      `${path} was not read: of ${Math.round(size / MIB)} MB, and code of more than ${MAX_CODE_BYTES / MIB} MB ` +
      'is no source',
  )
  const broken = code.slice(0, MOST).flatMap(({ path, absolute }) => {
    const text = read(path)
    const fault = text === undefined ? undefined : syntaxError(parseCode({ path, absolute, text }))
    return fault === undefined ? [] : [`${path}: ${fault.message}`]
  })
  return [...large, ...broken].slice(0, MOST)
}
