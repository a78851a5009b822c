/** What is wrong with evidence that was to be read, joined or written, in words for the person who gave it. */
export class EvidenceError extends Error {
  override readonly name = 'EvidenceError'
}
