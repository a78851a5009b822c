/**
 * Does `work` for every item, in their order, for at most `atOnce` of them at a time; resolves when all is done.
 * Rejects with the first rejection, and the others are begun all the same.
 */
export async function eachAtOnce<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  // All workers take from one iterator, so that each item is taken once.
  const left = items.entries()
  const worker = async (): Promise<void> => {
    for (const [index, item] of left) await work(item, index)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
