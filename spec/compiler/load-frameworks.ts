/** The frameworks that this package brings along, and those of a user. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { globSync } from 'tinyglobby'
import type { Framework, Spec } from '../model.ts'
import { UsageError } from '../../base/usage-error.ts'
import { didYouMean } from '../../base/suggest.ts'
import { ownPagesFolder } from './compile.ts'
import { readCorrectness, readFramework } from './framework.ts'
import { formatPageError, type PageError } from './report.ts'
import { messageOf } from '../../base/message-of.ts'

const CORRECTNESS_FILE = 'controls/correctness.yaml'

/** Rules that no control asks for by name. */
export function loadCorrectness(spec: Pick<Spec, 'rules'>): {
  readonly rules: readonly string[]
  readonly errors: readonly PageError[]
} {
  return readCorrectness(CORRECTNESS_FILE, readFileSync(path.join(ownPagesFolder(), CORRECTNESS_FILE), 'utf8'), spec)
}

/** All frameworks of the package, by name; errors of their files in one list. */
export function loadFrameworks(spec: Pick<Spec, 'rules' | 'clauses'>): {
  readonly frameworks: readonly Framework[]
  readonly errors: readonly PageError[]
} {
  const folder = ownPagesFolder()
  const { rules, errors } = loadCorrectness(spec)
  const read = globSync('controls/*.yaml', { cwd: folder, ignore: CORRECTNESS_FILE, expandDirectories: false })
    .sort()
    .map(file => readFramework(file, readFileSync(path.join(folder, file), 'utf8'), spec, rules))
  return {
    frameworks: read.flatMap(one => one.framework ?? []),
    errors: [...errors, ...read.flatMap(one => one.errors)],
  }
}

/**
 * A framework by its name, or by the path of a file.
 *
 * @throws UsageError for a name that there is not, and with every mistake in a file
 */
export function findFramework(named: string, spec: Pick<Spec, 'rules' | 'clauses'>): Framework {
  if (!/[./\\]ya?ml$|[/\\]|\.ya?ml$/.test(named)) {
    const { frameworks, errors } = loadFrameworks(spec)
    refuse(errors, 'spec/')
    const found = frameworks.find(framework => framework.id === named)
    if (found) return found
    const names = frameworks.map(framework => framework.id)
    throw new UsageError(
      `there is no framework ${named}${didYouMean(named, names)}. There are ${names.join(', ')}; ` +
        `a file of your own is named by its path, such as ./${named}.yaml`,
    )
  }
  let text: string
  try {
    text = readFileSync(named, 'utf8')
  } catch (error) {
    throw new UsageError(`cannot read ${named}: ${messageOf(error)}`)
  }
  const { framework, errors } = readFramework(named, text, spec, loadCorrectness(spec).rules)
  refuse(errors, '')
  return framework as Framework
}

function refuse(errors: readonly PageError[], folder: string): void {
  if (errors.length) throw new UsageError(errors.map(error => formatPageError(error, folder)).join('\n'))
}
