import { readFileSync } from 'node:fs'
import { dataFile } from './data-file.ts'

/**
 * A file of `analyzer/data/`, read when it is first asked for. The scripts that condense these files know their shape.
 * @throws Error when the file is not there: a defect of the package
 */
export function readData<T>(name: string): () => T {
  let data: T | undefined
  return () => (data ??= JSON.parse(readFileSync(dataFile(name), 'utf8')) as T)
}
