/**
 * The first `limit` characters of what `JSON.stringify` would write, without writing the rest: somebody else's value
 * may have a hundred megabytes, or a hundred thousand levels. Numbers of any size are written out; what JSON leaves
 * away is left away.
 */
export function shortJson(value: unknown, limit: number): string | undefined {
  const written: string[] = []
  let left = limit
  const put = (text: string): void => {
    written.push(text)
    left -= text.length
  }
  const write = (one: unknown): boolean => {
    const plain = jsonValue(one, left)
    if (plain === undefined || typeof plain === 'function' || typeof plain === 'symbol') return false
    if (typeof plain === 'bigint') put(String(plain))
    else if (typeof plain === 'string') put(JSON.stringify(plain.length > left ? plain.slice(0, left + 1) : plain))
    else if (typeof plain !== 'object' || plain === null) put(JSON.stringify(plain))
    else if (Array.isArray(plain)) list(plain)
    else members(plain)
    return true
  }
  const list = (items: readonly unknown[]): void => {
    put('[')
    for (let at = 0; at < items.length && left > 0; at++) {
      if (at > 0) put(',')
      if (!write(items[at])) put('null')
    }
    put(']')
  }
  const members = (of: object): void => {
    put('{')
    let first = true
    for (const key in of) {
      if (left <= 0) break
      if (!Object.hasOwn(of, key)) continue
      const before = written.length
      const room = left
      put(`${first ? '' : ','}${JSON.stringify(key.length > left ? key.slice(0, left + 1) : key)}:`)
      if (write(Reflect.get(of, key))) first = false
      else {
        written.length = before
        left = room
      }
    }
    put('}')
  }
  return write(value) ? written.join('').slice(0, limit) : undefined
}

/** Dates and buffers say themselves how JSON shows them; of a long buffer only the beginning is asked. */
function jsonValue(value: unknown, limit: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  const short = Buffer.isBuffer(value) && value.length > limit ? value.subarray(0, limit + 1) : value
  const toJSON: unknown = Reflect.get(short, 'toJSON')
  return typeof toJSON === 'function' ? toJSON.call(short) : value
}
