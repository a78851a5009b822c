/** `spec/controls/*.yaml` and users' own: frameworks of controls, tied to rules and clauses. */
import type { Control, ControlMethod, Framework, Source, Spec, Value } from '../model.ts'
import { matchesGlob } from '../../base/glob.ts'
import { createReport, type PageError, type Report } from './report.ts'
import { isOneOf } from '../../base/is-one-of.ts'
import { createPositions, readYaml, type Positions, type YamlMap } from './yaml.ts'
import { isList, isMapping } from '../value-kinds.ts'

const FRAMEWORK_KEYS = ['framework', 'title', 'version', 'source', 'licence', 'controls'] as const
const CONTROL_KEYS = ['id', 'title', 'severity', 'method', 'rules', 'stricter', 'clauses', 'limits'] as const
const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const
const METHODS = ['static', 'dynamic', 'manual'] as const
/** In the place of rules: all those that no control asks for by name. */
const CORRECTNESS = 'correctness'

/** A framework as far as it could be read, with what is wrong with its file. */
export interface ReadFramework {
  readonly framework?: Framework
  readonly errors: readonly PageError[]
}

interface Reader {
  readonly report: Report
  readonly positions: Positions
  readonly start: Source
}

/**
 * Reads one framework, and holds what it names against the specification.
 *
 * @param correctness the rules that `correctness` stands for
 */
export function readFramework(
  file: string,
  text: string,
  spec: Pick<Spec, 'rules' | 'clauses'>,
  correctness: readonly string[],
): ReadFramework {
  const report = createReport()
  const positions = createPositions()
  const start = { file, line: 1, column: 1 }
  const reader = { report, positions, start }
  const value = readYaml({ file, text, line: 1 }, report, positions)
  if (value === undefined || !isMapping(value)) {
    if (value !== undefined) report.error(start, 'a framework is a YAML mapping that begins with `framework: NAME`')
    return { errors: report.errors }
  }
  refuseUnknownKeys(value, FRAMEWORK_KEYS, 'a framework', reader)
  const word = (key: string): string => textOf(value, key, true, reader) ?? ''
  const id = word('framework')
  if (id !== '' && !/^[a-z0-9][a-z0-9.-]*$/.test(id))
    report.error(positions.ofValue(value, 'framework') ?? start, 'a name has small letters, digits, `-` and `.`')
  const controls = listOf(value, 'controls', reader).flatMap((one, at): Control[] => {
    const source = positions.ofValue(value['controls'] as object, at) ?? start
    if (isMapping(one)) return readControl(one, source, spec, correctness, reader)
    report.error(source, 'a control is a mapping that begins with `id`')
    return []
  })
  if (!controls.length) report.error(positions.ofKey(value, 'controls') ?? start, 'a framework has `controls`')
  const seen = new Set<string>()
  for (const control of controls) {
    if (seen.has(control.id)) report.error(control.source, `the control ${control.id} is there twice`)
    seen.add(control.id)
  }
  const framework: Framework = {
    id,
    title: word('title'),
    version: word('version'),
    origin: word('source'),
    licence: word('licence'),
    controls,
    source: start,
  }
  return { errors: report.errors, ...(report.errors.length ? {} : { framework }) }
}

function readControl(
  value: YamlMap,
  source: Source,
  spec: Pick<Spec, 'rules' | 'clauses'>,
  correctness: readonly string[],
  reader: Reader,
): Control[] {
  const { report, positions } = reader
  refuseUnknownKeys(value, CONTROL_KEYS, 'a control', reader)
  const place = (key: string): Source => positions.ofValue(value, key) ?? source
  const id = textOf(value, 'id', true, { ...reader, start: source })
  const title = textOf(value, 'title', true, { ...reader, start: source })
  const severity = textOf(value, 'severity', false, reader)
  const limits = textOf(value, 'limits', false, reader)
  const methods = (textOf(value, 'method', true, { ...reader, start: source }) ?? '')
    .split(/[\s,]+/)
    .filter(Boolean)
    .flatMap((one): ControlMethod[] => {
      if (isOneOf(METHODS, one)) return [one]
      report.error(place('method'), `unknown method \`${one}\`; write ${METHODS.join(', ')}`, {
        wrong: one,
        known: METHODS,
      })
      return []
    })
  if (severity !== undefined && !isOneOf(SEVERITIES, severity))
    report.error(place('severity'), `unknown severity \`${severity}\`; write one of ${SEVERITIES.join(', ')}`, {
      wrong: severity,
      known: SEVERITIES,
    })
  const rules = namesOf(value, 'rules', reader).flatMap(name => {
    if (name === CORRECTNESS) return correctness
    if (Object.hasOwn(spec.rules, name)) return [name]
    report.error(place('rules'), `there is no rule \`${name}\``, { wrong: name, known: Object.keys(spec.rules) })
    return []
  })
  const stricter = namesOf(value, 'stricter', reader)
  for (const name of stricter) {
    if (!rules.includes(name))
      report.error(place('stricter'), `\`${name}\` is none of the control's rules`, { wrong: name, known: rules })
  }
  const clauses = namesOf(value, 'clauses', reader)
  for (const pattern of clauses) {
    if (!spec.clauses.some(clause => matchesGlob(pattern, clause.id)))
      report.error(place('clauses'), `no clause fits \`${pattern}\``)
  }
  if (methods.includes('static') !== rules.length > 0)
    report.error(
      place('rules'),
      rules.length ? 'a control with rules is `static`' : 'a static control names its `rules`',
    )
  if (methods.includes('dynamic') !== clauses.length > 0)
    report.error(
      place('clauses'),
      clauses.length ? 'a control with clauses is `dynamic`' : 'a dynamic control names its `clauses`',
    )
  if (methods.includes('manual') && limits === undefined)
    report.error(source, 'a manual control says under `limits` what a person has to look at')
  if (id === undefined || title === undefined) return []
  return [
    {
      id,
      title,
      methods,
      rules: [...new Set(rules)],
      clauses,
      source,
      ...(severity !== undefined && { severity: severity as (typeof SEVERITIES)[number] }),
      ...(stricter.length > 0 && { stricter }),
      ...(limits !== undefined && { limits }),
    },
  ]
}

/** The rules of `correctness.yaml`. */
export function readCorrectness(
  file: string,
  text: string,
  spec: Pick<Spec, 'rules'>,
): { readonly rules: readonly string[]; readonly errors: readonly PageError[] } {
  const report = createReport()
  const positions = createPositions()
  const start = { file, line: 1, column: 1 }
  const value = readYaml({ file, text, line: 1 }, report, positions)
  const list = value !== undefined && isMapping(value) ? value[CORRECTNESS] : undefined
  const rules = list !== undefined && isList(list) ? list.filter(one => typeof one === 'string') : []
  if (!rules.length) report.error(start, 'the file holds a list under `correctness`')
  for (const [at, rule] of rules.entries())
    if (!Object.hasOwn(spec.rules, rule))
      report.error(positions.ofValue(list as object, at) ?? start, `there is no rule \`${rule}\``, {
        wrong: rule,
        known: Object.keys(spec.rules),
      })
  return { rules, errors: report.errors }
}

function refuseUnknownKeys(
  value: YamlMap,
  known: readonly string[],
  what: string,
  { report, positions, start }: Reader,
): void {
  for (const key of Object.keys(value))
    if (!known.includes(key))
      report.error(positions.ofKey(value, key) ?? start, `unknown key \`${key}\`; ${what} has ${known.join(', ')}`, {
        wrong: key,
        known,
      })
}

function textOf(
  value: YamlMap,
  key: string,
  needed: boolean,
  { report, positions, start }: Reader,
): string | undefined {
  const found = value[key]
  if (typeof found === 'string' && found !== '') return found
  // A version such as 4.0 is a number for YAML, and would lose its zero.
  if (found !== undefined) report.error(positions.ofValue(value, key) ?? start, `\`${key}\` is text: put it in quotes`)
  else if (needed) report.error(start, `it lacks its \`${key}\``)
  return undefined
}

function listOf(value: YamlMap, key: string, { report, positions, start }: Reader): readonly Value[] {
  const found = value[key]
  if (found === undefined) return []
  if (isList(found)) return found
  report.error(positions.ofValue(value, key) ?? start, `\`${key}\` is a list`)
  return []
}

function namesOf(value: YamlMap, key: string, reader: Reader): readonly string[] {
  return listOf(value, key, reader).flatMap((one): string[] => {
    if (typeof one === 'string') return [one]
    reader.report.error(reader.positions.ofValue(value, key) ?? reader.start, `\`${key}\` is a list of names`)
    return []
  })
}
