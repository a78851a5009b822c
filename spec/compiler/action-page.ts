/** `spec/api/<Action>.md`: one action. */
import { present } from '../../base/present.ts'
import type {
  Action,
  ErrorRow,
  Member,
  Origin,
  Pagination,
  Provocation,
  ResponseDef,
  Setting,
  Source,
  Value,
} from '../model.ts'
import {
  defaultLevel,
  readCapabilities,
  readCovers,
  readErrors,
  readNeeds,
  readProfile,
  variablesOf,
} from './common.ts'
import { checkAttributes, readAttributes, readInfo } from './info.ts'
import type { Fence, Table } from './markdown.ts'
import type { MemberTables } from './member-tables.ts'
import {
  FIRST_EDITION,
  readEdition,
  readLevel,
  readOrigin,
  summaryOf,
  wordOf,
  wordsOf,
  type Page,
  type Reading,
} from './page.ts'
import { nearest } from '../../base/suggest.ts'
import { checkMembers } from './values.ts'
import { errorsOf } from './world.ts'
import { fenceFragment, readYamlMap } from './yaml.ts'

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH'] as const
const PROVOCATION = ['error', 'id', 'level', 'source', 'needs', 'capabilities', 'covers'] as const
const SETTING = ['with', 'needs'] as const
const RESPONSE = /^Response (\d{3})(?: \(([^()]*)\))?$/

/** Reads `spec/api/<Action>.md`. What needs other pages is checked when all are read. */
export function readAction(page: Page, reading: Reading, tables: MemberTables): Action {
  const { report } = reading
  const edition = readEdition(page.front.text('edition'), FIRST_EDITION, report)
  const needs = readNeeds(page.front.words('needs'), reading)
  const guide = page.front.text('guide')?.text ?? null
  if (guide === null && edition === FIRST_EDITION)
    report.error(
      page.source,
      'an action of the guide names its page: `guide: API_Name`; a later one names its `edition`',
    )

  const parts = readParts(page, guide, reading, tables)
  const { example, exampleSource, errors, provocations } = parts
  const { request, responses } = withShared(page, parts, tables)
  if (responses.length === 0) reportMissingResponse(page, reading)
  const [first] = responses
  if (first !== undefined && responses.every(response => response.when !== undefined)) {
    report.error(first.source, 'one response must hold when no other is selected: leave its condition out')
  }
  if (example === undefined && request.some(member => member.required)) {
    report.error(page.source, 'the page lacks its `request` fence, the smallest valid request')
  }

  const { method, path } = readHttp(page, request, reading)
  const action: Action = {
    name: page.name,
    method,
    path,
    profile: readProfile(page, reading),
    guide,
    edition,
    summary: summaryOf(page),
    needs,
    capabilities: readCapabilities(page.front.words('capabilities'), reading),
    covers: readCovers(page.front.words('covers'), reading),
    request,
    example: example ?? {},
    responses,
    errors,
    provocations,
    ...(parts.settings.length > 0 && { settings: parts.settings }),
    ...readPagination(page, request, responses, reading),
    source: page.source,
  }
  checkRequests(action, example === undefined ? undefined : { example, source: exampleSource }, reading)
  return action
}

/** Labels of a path, in its text. */
const LABEL = /\{(\w+)\+?\}/g

/**
 * The members of a page with those that go without saying: labels of the path first, the markers of a list last. A row
 * of the page's own takes the place of what is shared.
 */
function withShared(
  page: Page,
  { request, responses }: ActionParts,
  tables: MemberTables,
): { readonly request: readonly Member[]; readonly responses: readonly ResponseDef[] } {
  const lacking = (names: readonly string[], members: readonly Member[]): readonly Member[] =>
    names.filter(name => !members.some(member => member.name === name)).flatMap(name => tables.shared(name) ?? [])
  const labels = [...(page.front.text('http')?.text ?? '').matchAll(LABEL)].flatMap(match => match[1] ?? [])
  const [marker, size, next] = page.front.words('pagination').map(word => word.text)
  return {
    request: [
      ...lacking(labels, request),
      ...request,
      ...lacking(
        [size, marker].flatMap(name => name ?? []),
        request,
      ),
    ],
    responses:
      next === undefined
        ? responses
        : responses.map(response =>
            response.when === undefined
              ? { ...response, members: [...response.members, ...lacking([next], response.members)] }
              : response,
          ),
  }
}

interface ActionParts {
  request: readonly Member[]
  /** The smallest valid request. */
  example: Action['example'] | undefined
  exampleSource: Source
  readonly responses: ResponseDef[]
  readonly errors: ErrorRow[]
  readonly provocations: Provocation[]
  readonly settings: Setting[]
}

/** The tables and fences of an action's page. */
function readParts(page: Page, guide: string | null, reading: Reading, tables: MemberTables): ActionParts {
  const parts: ActionParts = {
    request: [],
    example: undefined,
    exampleSource: page.source,
    responses: [],
    errors: [],
    provocations: [],
    settings: [],
  }
  const tabled = new Set<string>()
  for (const block of page.blocks) {
    if (block.kind === 'heading') {
      if (block.level === 2 && /^Response\b/.test(block.text))
        parts.responses.push(readResponse(block.text, block.source, reading))
    } else if (block.kind === 'table') readTableOf(block, parts, tabled, reading, tables)
    else if (block.kind === 'fence' && /^request\b/.test(block.info)) readRequestFence(block, parts, guide, reading)
  }
  return parts
}

function readTableOf(
  block: Table,
  parts: ActionParts,
  tabled: Set<string>,
  reading: Reading,
  tables: MemberTables,
): void {
  const { section } = block
  const key = section === 'Errors' ? section : sectionKey(section)
  if (key === undefined) return
  if (tabled.has(section)) reading.report.error(block.source, `a second table under \`## ${section}\``)
  tabled.add(section)
  if (section === 'Request') parts.request = tables.read(block, 'request')
  else if (section === 'Errors') parts.errors.push(...readErrors(block, reading))
  else {
    const response = present(parts.responses.pop(), 'the response of a table')
    parts.responses.push({ ...response, members: tables.read(block, 'response') })
  }
}

function readRequestFence(block: Fence, parts: ActionParts, guide: string | null, reading: Reading): void {
  const { report } = reading
  const { attributes } = readInfo(block, report)
  if (attributes.has('with')) {
    const setting = readSetting(block, reading)
    if (setting !== undefined) parts.settings.push(setting)
    return
  }
  if (attributes.size > 0) {
    const provocation = readProvocation(block, guide === null ? 'model' : 'guide', reading)
    if (provocation !== undefined && isNew(provocation, parts.provocations, reading))
      parts.provocations.push(provocation)
    return
  }
  if (parts.example !== undefined)
    report.error(block.source, 'a second smallest request; one that provokes an error says which: `request error=NAME`')
  parts.example = readYamlMap(fenceFragment(block), 'a request', report, reading.positions)
  parts.exampleSource = block.source
}

/** Asks of the requests of a page, once all pages are read, that they fit its tables. */
function checkRequests(
  action: Action,
  given: { readonly example: Action['example']; readonly source: Source } | undefined,
  reading: Reading,
): void {
  const { needs, provocations, settings = [] } = action
  reading.later(world => {
    const at = (
      value: { readonly [member: string]: Value },
      source: Source,
      needed: readonly string[],
      complete: boolean,
    ): void =>
      checkMembers(
        value,
        action.request,
        action.name,
        source,
        { use: 'request', variables: variablesOf(world, needed), world, reading },
        complete,
      )
    if (given !== undefined) at(given.example, given.source, needs, true)
    for (const setting of settings) {
      at(setting.request, setting.source, [...needs, ...setting.needs], false)
      const [member = ''] = setting.member.split('.')
      if (!action.request.some(one => one.name === member))
        reading.report.error(setting.source, `the request has no member \`${member}\``, {
          wrong: member,
          known: action.request.map(one => one.name),
        })
    }
    for (const provocation of provocations) {
      at(provocation.request, provocation.source, [...needs, ...provocation.needs], false)
      const names = errorsOf(world, action).map(row => row.name)
      if (!names.includes(provocation.error))
        reading.report.error(
          provocation.source,
          `\`${provocation.error}\` is neither in the Errors table nor a common error`,
          {
            wrong: provocation.error,
            known: new Set(names),
          },
        )
    }
  })
}

const sectionKey = (section: string): string | undefined =>
  section === 'Request' || RESPONSE.test(section) ? section : undefined

function reportMissingResponse(page: Page, { report }: Reading): void {
  const mistyped = page.blocks.find(
    block =>
      block.kind === 'heading' &&
      block.level === 2 &&
      nearest(block.text.split(' ')[0] ?? '', ['Response']) !== undefined,
  )
  const wrong = mistyped?.kind === 'heading' ? (mistyped.text.split(' ')[0] ?? '') : ''
  report.error(mistyped?.source ?? page.source, 'the page lacks its `## Response STATUS`', {
    wrong,
    known: ['Response'],
  })
}

function readResponse(text: string, source: Source, { report }: Reading): ResponseDef {
  const match = RESPONSE.exec(text)
  if (match === null) {
    report.error(
      source,
      `\`## ${text}\` is no heading of a response; write \`## Response 200\` or \`## Response 202 ` +
        `(InvocationType: Event)\``,
    )
    return { status: 0, members: [], source }
  }
  if (match[2] === undefined) return { status: Number(match[1]), members: [], source }
  const when: { [member: string]: string } = {}
  for (const condition of match[2].split(',')) {
    const [member = '', value] = condition.split(':').map(part => part.trim())
    if (value === undefined) report.error(source, `\`${condition.trim()}\` is no condition; write \`Member: value\``)
    else when[member] = value
  }
  return { status: Number(match[1]), when, members: [], source }
}

/** `said`: who describes the action, and so its errors, when the fence names nobody else. */
function readProvocation(fence: Fence, said: Origin, reading: Reading): Provocation | undefined {
  const { report } = reading
  const info = readAttributes(fence, 'request', PROVOCATION, report)
  const attribute = (name: (typeof PROVOCATION)[number]) => wordOf(info.attributes.get(name))
  const error = attribute('error')
  if (error === undefined) {
    report.error(fence.infoSource, 'a `request` with attributes provokes an error: name it with `error=NAME`')
    return undefined
  }
  if (fence.section !== 'Errors')
    report.error(fence.source, 'a request that provokes an error stands under `## Errors`')
  const id = attribute('id')
  if (id !== undefined && !/^[a-z][\w-]*$/.test(id.text))
    report.error(id.source, `\`${id.text}\` is no id; write small letters, digits and \`-\``)
  const request = readYamlMap(fenceFragment(fence), 'a request', report, reading.positions)
  if (request === undefined) return undefined
  const origin = readOrigin(attribute('source'), report, said)
  return {
    error: error.text,
    ...(id && { id: id.text }),
    level: readLevel(attribute('level'), defaultLevel(origin), report),
    origin,
    needs: readNeeds(wordsOf(info.attributes.get('needs')), reading),
    capabilities: readCapabilities(wordsOf(info.attributes.get('capabilities')), reading),
    covers: readCovers(wordsOf(info.attributes.get('covers')), reading),
    request,
    source: fence.source,
  }
}

function readSetting(fence: Fence, reading: Reading): Setting | undefined {
  const { report } = reading
  const info = readInfo(fence, report)
  checkAttributes(info, 'request', SETTING, report)
  const member = wordOf(info.attributes.get('with'))
  if (fence.section !== 'Request')
    report.error(fence.source, 'what a request about a member must say beside it stands under `## Request`')
  const request = readYamlMap(fenceFragment(fence), 'a request', report, reading.positions)
  if (request === undefined || member === undefined) return undefined
  return {
    member: member.text,
    needs: readNeeds(wordsOf(info.attributes.get('needs')), reading),
    request,
    source: fence.source,
  }
}

/** Two requests for one error differ by their ids. */
function isNew({ error, id, source }: Provocation, before: readonly Provocation[], { report }: Reading): boolean {
  if (!before.some(one => one.error === error && one.id === id)) return true
  report.error(
    source,
    id === undefined
      ? `a second request for \`${error}\` needs an id of its own: \`id=NAME\``
      : `the id \`${id}\` is there twice for \`${error}\``,
  )
  return false
}

function readHttp(
  page: Page,
  request: readonly Member[],
  { report }: Reading,
): { readonly method: Action['method']; readonly path: string } {
  const word = page.front.text('http')
  const [, verb, path] = /^(\S+) (\/\S*)$/.exec(word?.text ?? '') ?? []
  const source = word?.source ?? page.source
  const method = METHODS.find(one => one === verb)
  if (path === undefined || method === undefined) {
    report.error(
      source,
      `\`http\` is a method and a path, such as \`GET /2015-03-31/functions/{FunctionName}\`; ` +
        `methods are ${METHODS.join(', ')}`,
    )
    return { method: method ?? 'GET', path: path ?? '/' }
  }
  const labels = [...path.matchAll(LABEL)].map(match => match[1] ?? '')
  const members = request.filter(member => member.in === 'uri')
  for (const label of labels) {
    if (!members.some(member => member.name === label)) {
      report.error(source, `the path has \`{${label}}\`, and the request no \`uri\` member of that name`, {
        wrong: label,
        known: members.map(member => member.name),
      })
    }
  }
  for (const member of members) {
    if (!labels.includes(member.name))
      report.error(member.source, `\`${member.name}\` stands in the uri, and the path has no \`{${member.name}}\``, {
        wrong: member.name,
        known: labels,
      })
    if (!member.required) report.error(member.source, `\`${member.name}\` stands in the path, so it is always required`)
  }
  return { method, path }
}

function readPagination(
  page: Page,
  request: readonly Member[],
  responses: readonly ResponseDef[],
  { report }: Reading,
): { readonly pagination?: Pagination } {
  const words = page.front.words('pagination')
  const [firstWord] = words
  if (firstWord === undefined) return {}
  if (words.length !== 4) {
    report.error(
      firstWord.source,
      '`pagination` is four members: request marker, request size, answer marker, answer list',
    )
    return {}
  }
  const answers = responses.flatMap(response => response.members)
  words.forEach(({ text, source }, index) => {
    const known = (index < 2 ? request : answers).map(member => member.name)
    if (!known.includes(text))
      report.error(source, `${index < 2 ? 'the request' : 'the answer'} has no member \`${text}\``, {
        wrong: text,
        known,
      })
  })
  const [marker, size, next, items] = words.map(word => word.text) as [string, string, string, string]
  return { pagination: { marker, size, next, items } }
}
