/** `spec/resources/<resource>.md`: one resource with its lifecycle and its laws. */
import type { Action, Law, Lifecycle, Resource, Source, Step } from '../model.ts'
import {
  checkSteps,
  defaultLevel,
  readCapabilities,
  readCovers,
  readNeeds,
  readOriginCell,
  readProfile,
  readableResource,
  unique,
  variablesOf,
} from './common.ts'
import type { Table } from './markdown.ts'
import { FIRST_EDITION, readEdition, readLevel, type Page, type Reading, type Word } from './page.ts'
import { resolvePath, splitPath } from './path.ts'
import { readStep } from './step.ts'
import { didYouMean } from '../../base/suggest.ts'
import { splitList } from './info.ts'
import { readTable } from './table.ts'
import { checkMembers } from './values.ts'
import { ANSWERING_ROLES, LAWS } from './vocabulary.ts'
import { answerMembers, errorsOf, type World } from './world.ts'
import { fenceFragment, readYaml, readYamlMap } from './yaml.ts'
import { isOneOf } from '../../base/is-one-of.ts'

/** Columns of a lifecycle. */
export const LIFECYCLE_COLUMNS = ['Resource', 'Key', 'Create', 'Read', 'Update', 'Delete', 'List'] as const
/** Columns that a table of laws must have. */
export const LAW_COLUMNS = ['Law', 'Answer', 'Source'] as const
const ROLES = ['create', 'read', 'update', 'delete', 'list'] as const

/** A lifecycle, and where its parts stand. */
interface ReadLifecycle {
  readonly lifecycle: Lifecycle
  readonly keys: readonly Word[]
  /** Members of what the list shows, or of its request, that bear the name of whoever made the resource. */
  readonly marks: readonly Word[]
  readonly places: { readonly [role in (typeof ROLES)[number]]: Source }
}

/** A law, with its answers as words that know their place. */
interface ReadLaw {
  readonly law: Law
  readonly words: readonly Word[]
}

/**
 * Reads `spec/resources/<resource>.md`; undefined for a page without a lifecycle. What needs other pages is checked
 * when all are read.
 */
export function readResource(page: Page, reading: Reading): Resource | undefined {
  const { report } = reading
  let found: ReadLifecycle | undefined
  let laws: readonly ReadLaw[] = []
  let create: Resource['create'] | undefined
  let createSource: Source = page.source
  let ready: Step | undefined
  let another: Step | undefined

  for (const block of page.blocks) {
    if (block.kind === 'table' && block.section === 'Lifecycle') {
      if (found !== undefined) report.error(block.source, 'a second table under `## Lifecycle`')
      found = readLifecycle(block, page, reading)
    } else if (block.kind === 'table' && block.section === 'Laws') {
      laws = readLaws(block, reading)
    } else if (block.kind === 'fence' && /^create\b/.test(block.info)) {
      if (create !== undefined) report.error(block.source, 'a second `create`')
      create = readYamlMap(fenceFragment(block), 'a request', report, reading.positions)
      createSource = block.source
    } else if (block.kind === 'fence' && /^ready\b/.test(block.info)) {
      const value = readYaml(fenceFragment(block), report, reading.positions)
      if (value !== undefined) ready = readStep(value, block.source, reading)
    } else if (block.kind === 'fence' && /^another\b/.test(block.info)) {
      const value = readYaml(fenceFragment(block), report, reading.positions)
      if (value !== undefined) another = readStep(value, block.source, reading)
    }
  }
  if (create === undefined)
    report.error(page.source, 'the page lacks its `create` fence, the request that makes a resource')
  if (found === undefined) {
    report.error(page.source, 'the page lacks its `## Lifecycle` table with one row')
    return undefined
  }
  const { lifecycle } = found
  const resource: Resource = {
    name: page.name,
    profile: readProfile(page, reading),
    guide: page.front.text('guide')?.text ?? null,
    edition: readEdition(page.front.text('edition'), FIRST_EDITION, report),
    needs: readNeeds(page.front.words('needs'), reading),
    capabilities: readCapabilities(page.front.words('capabilities'), reading),
    covers: readCovers(page.front.words('covers'), reading),
    lifecycle,
    laws: laws.map(({ law }) => law),
    create: create ?? {},
    ...(preparesEnvironments(page, reading) && { prepares: 'environments' as const }),
    ...(ready && { ready }),
    ...(another && { another }),
    source: page.source,
  }
  reading.later(world => {
    checkNeeds(resource, world, reading)
    checkLifecycle(found, world, reading)
    for (const law of laws) checkLaw(law, resource, world, reading)
    const variables = variablesOf(world, resource.needs)
    const action = world.actions.get(resource.lifecycle.create)
    if (create !== undefined && action !== undefined)
      checkMembers(
        create,
        action.request,
        action.name,
        createSource,
        { use: 'request', variables, world, reading },
        true,
      )
    if (another !== undefined) checkSteps([another], variables, world, reading)
    if (ready !== undefined)
      checkSteps(
        [ready],
        new Map([...variables, [resource.name, readableResource(world, resource.name)]]),
        world,
        reading,
      )
  })
  return resource
}

function readLifecycle(table: Table, page: Page, reading: Reading): ReadLifecycle | undefined {
  const { report } = reading
  const rows = readTable(table, LIFECYCLE_COLUMNS, ['Named in', 'Outlives'], report)
  const [row, second] = rows
  if (row === undefined) return undefined
  if (second !== undefined)
    report.error(second.source, 'a page describes one resource: its Lifecycle table has one row')
  const { cells, source } = row
  if (cells.Resource.text !== page.name)
    report.error(cells.Resource.source, `the page is about \`${page.name}\`, not \`${cells.Resource.text}\``)
  const keys = splitList(cells.Key.text, cells.Key.source)
  if (keys.length === 0) report.error(cells.Key.source, 'the Key says which request members name one resource')
  if (cells.Create.text === '') report.error(cells.Create.source, 'a resource has an action that creates it')
  const marks = splitList(cells['Named in'].text, cells['Named in'].source)
  const outlives = readNeeds(splitList(cells.Outlives.text, cells.Outlives.source), reading)
  const { Read: read, Update: update, Delete: deletes, List: list } = cells
  const lifecycle: Lifecycle = {
    resource: page.name,
    key: keys.map(word => word.text),
    create: cells.Create.text,
    ...(read.text && { read: read.text }),
    ...(update.text && { update: update.text }),
    ...(deletes.text && { delete: deletes.text }),
    ...(list.text && { list: list.text }),
    ...(marks.length > 0 && { marks: marks.map(word => word.text) }),
    ...(outlives.length > 0 && { outlives }),
    source,
  }
  return {
    lifecycle,
    keys,
    marks,
    places: {
      create: cells.Create.source,
      read: read.source,
      update: update.source,
      delete: deletes.source,
      list: list.source,
    },
  }
}

function readLaws(table: Table, reading: Reading): readonly ReadLaw[] {
  const { report } = reading
  const seen = new Set<string>()
  return readTable(table, LAW_COLUMNS, ['Level', 'Covers'], report).flatMap(({ cells, source }) => {
    const law = cells.Law.text
    if (!isOneOf(LAWS, law)) {
      report.error(cells.Law.source, `unknown law \`${law}\`; laws are ${LAWS.join(', ')}`, { wrong: law, known: LAWS })
      return []
    }
    if (seen.has(law)) {
      report.error(cells.Law.source, `the law \`${law}\` is there twice`)
      return []
    }
    seen.add(law)
    const words = splitList(cells.Answer.text, cells.Answer.source).filter(word => word.text !== 'or')
    if (words.length === 0) report.error(cells.Answer.source, 'the law has no answer')
    const origin = readOriginCell(cells.Source, reading)
    const level = readLevel(cells.Level.text === '' ? undefined : cells.Level, defaultLevel(origin), report)
    const covers = readCovers(splitList(cells.Covers.text, cells.Covers.source), reading)
    return [{ law: { law, answers: words.map(word => word.text), level, origin, covers, source }, words }]
  })
}

function checkNeeds(resource: Resource, world: World, { report }: Reading): void {
  const walk = (name: string, above: readonly string[]): void => {
    if (above.includes(name)) {
      if (name === resource.name)
        report.error(resource.source, `the resource needs itself: ${[...above, name].join(' needs ')}`)
      return
    }
    for (const need of world.resources.get(name)?.needs ?? []) walk(need, [...above, name])
  }
  walk(resource.name, [])
}

function checkLifecycle({ lifecycle, keys, marks, places }: ReadLifecycle, world: World, { report }: Reading): void {
  for (const role of ROLES) {
    const name = lifecycle[role]
    if (name === undefined || name === '' || world.actions.has(name)) continue
    report.error(places[role], `there is no action \`${name}\``, { wrong: name, known: world.actions.keys() })
  }
  for (const { text, source } of keys) {
    const problem = keyProblem(text, lifecycle, world)
    if (problem !== undefined) report.error(source, problem)
  }
  const list = world.actions.get(lifecycle.list ?? '')
  for (const mark of marks) {
    if (list?.pagination === undefined)
      report.error(mark.source, 'the lifecycle has no list with pages that would show this')
    else {
      const { items } = list.pagination
      const path = splitPath(`${items}[].${mark.text}`)
      const resolved = resolvePath(world, answerMembers(list), path, `the answer of ${list.name}`)
      const asked = list.request.some(member => member.name === mark.text)
      if (!asked && 'problem' in resolved) report.error(mark.source, resolved.problem)
    }
  }
}

/**
 * A part of the key names the resource in the requests, and its value comes from the request or the answer that created
 * it.
 */
function keyProblem(key: string, lifecycle: Lifecycle, world: World): string | undefined {
  const [member = '', path] = key.split('=')
  const create = world.actions.get(lifecycle.create)
  const others = (['read', 'update', 'delete'] as const).flatMap(role => world.actions.get(lifecycle[role] ?? '') ?? [])
  const origin =
    create &&
    resolvePath(
      world,
      path === undefined ? [...create.request, ...answerMembers(create)] : answerMembers(create),
      splitPath(path ?? member),
      create.name,
    )
  if (origin !== undefined && 'problem' in origin) return origin.problem
  // A part may be meant for some of the actions only: a policy is read as a whole, and a statement of it is removed by
  // its id.
  const asked = others.flatMap(action => action.request.map(one => one.name))
  if (others.length === 0 || asked.includes(member)) return undefined
  return (
    `none of ${others.map(action => action.name).join(', ')} has a member ` +
    `\`${member}\`${didYouMean(member, asked)}`
  )
}

/** A guard is a member of each guarded action, and the one that the law `revision` names. */
function checkGuard(
  law: Law,
  words: readonly Word[],
  resource: Resource,
  world: World,
  report: Reading['report'],
): void {
  const revision = resource.laws.find(law => law.law === 'revision')?.answers[0]
  if (revision === undefined)
    report.error(law.source, 'a guard needs the law `revision`, which names the member that guards')
  for (const { text, source } of words) {
    const guarded = world.actions.get(text)
    if (guarded === undefined)
      report.error(source, `there is no action \`${text}\``, { wrong: text, known: world.actions.keys() })
    else if (revision !== undefined && !guarded.request.some(member => member.name === revision))
      report.error(source, `${text} has no member \`${revision}\` that could guard it`)
  }
}

function checkLaw({ law, words }: ReadLaw, resource: Resource, world: World, { report }: Reading): void {
  const { lifecycle } = resource
  const action = (role: (typeof ROLES)[number]): Action | undefined => world.actions.get(lifecycle[role] ?? '')
  const lacks = (role: (typeof ROLES)[number]): void =>
    report.error(law.source, `the lifecycle has no ${role} action, so this law says nothing`)
  switch (law.law) {
    case 'list items':
    case 'modified': {
      const role = law.law === 'modified' ? 'read' : 'list'
      const asked = action(role)
      if (lifecycle[role] === undefined) lacks(role)
      if (asked !== undefined)
        problemAt(
          words[0],
          resolvePath(world, answerMembers(asked), splitPath(words[0]?.text ?? ''), `the answer of ${asked.name}`),
        )
      return
    }
    case 'mutable':
    case 'revision': {
      const actions =
        law.law === 'mutable' ? [action('update') ?? action('create')] : [action('read'), action('create')]
      const members =
        law.law === 'mutable'
          ? (actions[0]?.request ?? [])
          : actions.flatMap(action => (action === undefined ? [] : answerMembers(action)))
      if (members.length === 0) return
      for (const word of words)
        problemAt(
          word,
          resolvePath(
            world,
            members,
            splitPath(word.text),
            `${law.law === 'mutable' ? '' : 'the answer of '}${actions.find(action => action !== undefined)?.name}`,
          ),
        )
      return
    }
    case 'guarded':
      checkGuard(law, words, resource, world, report)
      return
    case 'parallel': {
      const own = [lifecycle.create, lifecycle.update, lifecycle.delete].filter(name => name !== undefined)
      if (lifecycle.read === undefined) lacks('read')
      for (const { text, source } of words)
        if (!own.includes(text))
          report.error(source, `${text} does not change ${resource.name}`, { wrong: text, known: own })
      return
    }
    default: {
      const role = ANSWERING_ROLES[law.law]
      if (lifecycle[role] === undefined) lacks(role)
      const answering = action(role)
      if (answering === undefined) return
      const names = unique(errorsOf(world, answering).map(row => row.name))
      for (const { text, source } of words) {
        if (text === 'succeeds' || (text === 'replaces' && role === 'create') || names.includes(text)) continue
        report.error(
          source,
          `\`${text}\` is neither an error of ${answering.name} nor ` +
            `\`succeeds\`${role === 'create' ? ' or `replaces`' : ''}`,
          { wrong: text, known: [...names, 'succeeds', 'replaces'] },
        )
      }
    }
  }

  function problemAt(word: Word | undefined, resolved: ReturnType<typeof resolvePath>): void {
    if ('problem' in resolved) report.error(word?.source ?? law.source, resolved.problem)
  }
}

function preparesEnvironments(page: Page, { report }: Reading): boolean {
  const word = page.front.text('prepares')
  if (word !== undefined && word.text !== 'environments')
    report.error(word.source, `\`prepares\` is \`environments\` or absent, not ${JSON.stringify(word.text)}`)
  return word?.text === 'environments'
}
