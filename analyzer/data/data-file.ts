/** Where a file of facts stands: beside the sources, and in the package's root for what runs from `dist/`. */
export function dataFile(name: string): URL {
  const url = import.meta.url
  return url.includes('/dist/analyzer/') ? new URL(`../../../analyzer/data/${name}`, url) : new URL(name, url)
}
