/**
 * The bytes of several pieces, one after the other; of one piece the piece itself, which is not copied.
 *
 * @example
 * joinBytes([Buffer.from('a'), Buffer.from('b')]) // the bytes of 'ab'
 */
export function joinBytes(pieces: readonly Uint8Array[]): Buffer {
  const [only] = pieces
  if (pieces.length === 1 && only !== undefined)
    return Buffer.isBuffer(only) ? only : Buffer.from(only.buffer, only.byteOffset, only.byteLength)
  return Buffer.concat(pieces)
}
