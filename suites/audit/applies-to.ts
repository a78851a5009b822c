/** Whether a row of a page speaks of an action; without names it speaks of all. */
export function appliesTo(
  { actions }: { readonly actions: readonly string[] | null },
  { name }: { readonly name: string },
): boolean {
  return actions === null || actions.includes(name)
}
