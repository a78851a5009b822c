export async function main(args: readonly string[]): Promise<number> {
  throw new Error(`not written yet: ${args.join(' ')}`)
}
