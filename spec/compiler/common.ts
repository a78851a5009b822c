/** What several kinds of pages read and check alike. */
import type { ErrorRow, Level, Origin, Source, Step, Value } from '../model.ts'
import type { Table } from './markdown.ts'
import { readEdition, readOrigin, type Page, type Reading, type Word } from './page.ts'
import type { Readable, Variables } from './reference.ts'
import { FAILURE } from './step.ts'
import { readTable } from './table.ts'
import { checkMembers, checkValue, type Use } from './values.ts'
import { BUILTIN_RESOURCES, CAPABILITIES, PROFILES, STANDING_VARIABLES } from './vocabulary.ts'
import { answerMembers, closureOf, errorsOf, type World } from './world.ts'
import { isOneOf } from '../../base/is-one-of.ts'
import { isList, isMapping } from '../value-kinds.ts'

/** Columns that a table of errors must have. */
export const ERROR_COLUMNS = ['Error', 'Status', 'When'] as const

/** Rows of an Errors table. One name may stand there with several statuses. */
export function readErrors(table: Table, reading: Reading): readonly ErrorRow[] {
  const { report } = reading
  const seen = new Set<string>()
  return readTable(table, ERROR_COLUMNS, ['Source', 'Since'], report).flatMap(({ cells, source }) => {
    const name = cells.Error.text.replaceAll('`', '')
    const status = Number(cells.Status.text)
    if (!/^[A-Za-z][\w.]*$/.test(name)) report.error(cells.Error.source, `\`${name}\` is no name of an error`)
    else if (!Number.isInteger(status) || status < 300 || status > 599)
      report.error(cells.Status.source, `\`${cells.Status.text}\` is no HTTP status of an error`)
    else if (seen.has(`${name} ${status}`)) report.error(source, `\`${name}\` with status ${status} is there twice`)
    else {
      seen.add(`${name} ${status}`)
      const since = readEdition(cells.Since.text === '' ? undefined : cells.Since, undefined, report)
      return [
        {
          name,
          status,
          when: cells.When.text,
          origin: readOriginCell(cells.Source, reading),
          ...(since && { since }),
          source,
        },
      ]
    }
    return []
  })
}

/** A Source column: an empty cell is the guide. */
export function readOriginCell(cell: Word, { report }: Reading): Origin {
  return readOrigin(cell.text === '' ? undefined : cell, report)
}

/** The profile of a page; an error when there is none and the page needs one. */
export function readProfile(page: Page, reading: Reading): string {
  const word = page.front.text('profile')
  if (word === undefined)
    reading.report.error(page.source, `the front matter lacks its \`profile\`; profiles are ${PROFILES.join(', ')}`)
  return word === undefined ? '' : checkProfile(word, reading)
}

/** The profile that a word names; reports a word that names none. */
export function checkProfile(word: Word, { report }: Reading): string {
  if (!isOneOf(PROFILES, word.text))
    report.error(word.source, `unknown profile \`${word.text}\`; profiles are ${PROFILES.join(', ')}`, {
      wrong: word.text,
      known: PROFILES,
    })
  return word.text
}

/** The capabilities that words name; reports those that there are not. */
export function readCapabilities(words: readonly Word[], { report }: Reading): readonly string[] {
  for (const { text, source } of words) {
    if (!isOneOf(CAPABILITIES, text))
      report.error(source, `unknown capability \`${text}\`; capabilities are ${CAPABILITIES.join(', ')}`, {
        wrong: text,
        known: CAPABILITIES,
      })
  }
  return unique(words.map(word => word.text))
}

/** Names of resources, held against the resource pages when those are known. */
export function readNeeds(words: readonly Word[], reading: Reading): readonly string[] {
  reading.later(({ resourceNames }) => {
    const known = [...resourceNames, ...Object.keys(BUILTIN_RESOURCES)]
    for (const { text, source } of words) {
      if (!known.includes(text))
        reading.report.error(source, `there is no resource \`${text}\``, { wrong: text, known })
    }
  })
  return unique(words.map(word => word.text))
}

/** Ids of ledger entries, held against the ledger when that is known. */
export function readCovers(words: readonly Word[], reading: Reading): readonly string[] {
  reading.later(({ ledger }) => {
    for (const { text, source } of words) {
      const id = text.slice(text.indexOf(':') + 1)
      const entry = ledger.get(id)
      if (entry === undefined)
        reading.report.error(source, `the ledger has no entry \`${id}\``, { wrong: id, known: ledger.keys() })
      else if (entry.how === 'not-testable')
        reading.report.error(
          source,
          `nothing can cover \`${id}\`: the ledger says that it cannot be tested (${entry.why ?? ''})`,
        )
    }
  })
  return unique(words.map(word => word.text))
}

/** Each item once, in the order of their first place. */
export const unique = <T>(list: Iterable<T>): readonly T[] => [...new Set(list)]

/** Level of what only others than the guide know: it may be so, and need not. */
export const defaultLevel = (origin: Origin): Level => (origin === 'guide' ? 'must' : 'may')

/**
 * What a fence may refer to: the standing variables, and each resource that its page needs under the resource's own
 * name.
 */
export function variablesOf(world: World, needs: readonly string[]): Variables {
  const variables = new Map<string, Readable>(
    Object.entries(STANDING_VARIABLES).map(([name, names]) => [name, { kind: 'names', names }]),
  )
  for (const name of closureOf(world, needs)) variables.set(name, readableResource(world, name))
  return variables
}

/** A resource reads as the request that made it and the answer to that. */
export function readableResource(world: World, name: string): Readable {
  const builtin = BUILTIN_RESOURCES[name]
  if (builtin !== undefined) return { kind: 'names', names: builtin }
  const action = world.actions.get(world.resources.get(name)?.lifecycle.create ?? '')
  return action === undefined
    ? { kind: 'anything' }
    : { kind: 'members', members: [...action.request, ...answerMembers(action)], wire: true }
}

/** Checks steps in their order. Returns the variables known after them. */
export function checkSteps(steps: readonly Step[], variables: Variables, world: World, reading: Reading): Variables {
  const known = new Map(variables)
  for (const step of steps) {
    for (const [name, readable] of checkStep(step, known, world, reading)) {
      if (known.has(name))
        reading.report.error(
          reading.positions.ofValue(step, 'as') ?? step.source,
          `the variable \`$${name}\` is there already; \`as\` gives a new name`,
        )
      known.set(name, readable)
    }
  }
  return known
}

/** The variables that the step defines. */
function checkStep(
  step: Step,
  variables: Variables,
  world: World,
  reading: Reading,
): readonly (readonly [string, Readable])[] {
  const { report, positions } = reading
  const place = (key: string): Source => positions.ofValue(step, key) ?? step.source
  const check = (use: Use) => ({ use, variables, world, reading })
  const defined: (readonly [string, Readable])[] = []
  // In what a step returns, the answer itself can be read too.
  const returned = { ...check('matcher'), variables: new Map([...variables, ['this', { kind: 'anything' }] as const]) }
  if (step.parallel !== undefined)
    for (const one of step.parallel) defined.push(...checkStep(one, variables, world, reading))
  if (step.repeat !== undefined) {
    const after = checkSteps(step.repeat.steps, variables, world, reading)
    defined.push(...[...after].filter(([name]) => !variables.has(name)))
  }
  if (step.http !== undefined || step.journal !== undefined || step.everyAnswer !== undefined) {
    for (const [key, value] of Object.entries(step.http ?? {}))
      checkValue(value, undefined, positions.ofValue(step.http ?? {}, key) ?? step.source, check('request'))
    if (step.journal !== undefined) checkValue(step.journal, undefined, place('journal'), check('request'))
    if (step.returns !== undefined) checkValue(step.returns, undefined, place('returns'), returned)
    if (step.as !== undefined) defined.push([step.as, { kind: 'anything' }])
  }
  if (step.call === undefined) return defined

  const action = world.actions.get(step.call.action)
  if (action === undefined) {
    report.error(positions.ofKey(step, step.call.action) ?? step.source, `there is no action \`${step.call.action}\``, {
      wrong: step.call.action,
      known: world.actions.keys(),
    })
    if (step.as !== undefined) defined.push([step.as, { kind: 'anything' }])
    return defined
  }
  checkMembers(step.call.request, action.request, action.name, place(action.name), check('request'))
  if (step.returns !== undefined) {
    if (isMapping(step.returns))
      checkMembers(step.returns, answerMembers(action), `the answer of ${action.name}`, place('returns'), returned)
    else checkValue(step.returns, undefined, place('returns'), returned)
  }
  if (step.fails !== undefined)
    checkFailure(step.fails, place('fails'), errorsOf(world, action), action.name, check('matcher'))
  if (step.as !== undefined) defined.push([step.as, { kind: 'members', members: answerMembers(action), wire: true }])
  return defined
}

function checkFailure(
  value: Value,
  source: Source,
  errors: readonly ErrorRow[],
  action: string,
  check: Parameters<typeof checkValue>[3],
): void {
  const { report, positions } = check.reading
  if (isList(value)) {
    value.forEach((one, index) => checkFailure(one, positions.ofValue(value, index) ?? source, errors, action, check))
  } else if (typeof value === 'string') {
    const [, name = '', status] = FAILURE.exec(value) ?? []
    const rows = errors.filter(row => row.name === name)
    if (name === '') return
    if (rows.length === 0)
      report.error(source, `\`${name}\` is neither an error of ${action} nor a common one`, {
        wrong: name,
        known: unique(errors.map(row => row.name)),
      })
    else if (status !== undefined && !rows.some(row => row.status === Number(status))) {
      report.error(
        source,
        `\`${name}\` of ${action} has status ${unique(rows.map(row => row.status)).join(' or ')}, not ${status}`,
      )
    }
  } else if (isMapping(value)) {
    if (value['error'] !== undefined)
      checkFailure(value['error'], positions.ofValue(value, 'error') ?? source, errors, action, check)
    if (value['message'] !== undefined)
      checkValue(value['message'], undefined, positions.ofValue(value, 'message') ?? source, check)
  }
}
