/** A whole id, `*` standing for any characters and `?` for one; everything else is meant as it is written. */
export function globToRegExp(glob: string): RegExp {
  const source = glob.replace(/[\\^$.|+()[\]{}]/g, '\\$&').replace(/\*+/g, '.*').replace(/\?/g, '.')
  return new RegExp(`^${source}$`)
}
