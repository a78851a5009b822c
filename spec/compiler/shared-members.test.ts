/** Members that go without saying: labels of a path, and what `pagination` names. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { present } from '../../base/present.ts'
import { compilePages } from './compile-pages.ts'
import { loadSpec, ownPagesFolder } from './compile.ts'
import { edited } from './fixtures/notes.ts'

const SHARED = [
  '## Note name',
  `## Shared members

| Member | In | Type | Required | Constraints |
| --- | --- | --- | --- | --- |
| NoteName | uri | string | yes | [note name](#note-name) |
| Marker | query | string | no | |

## Note name`,
] as const
const NOTE_NAME = '| NoteName | uri | string | yes | [note name](../constraints.md#note-name) |\n'

test('a label of the path without a row of its own is the shared member', () => {
  const pages = [
    ...edited('constraints.md', SHARED).filter(page => page.file === 'constraints.md'),
    ...edited('api/DeleteNote.md', [NOTE_NAME, '']).filter(page => page.file !== 'constraints.md'),
  ]
  const { spec, errors } = compilePages(pages)
  expect(errors).toEqual([])
  const { request } = present(spec.actions['DeleteNote'], 'the action')
  expect(request).toMatchObject([
    { name: 'NoteName', in: 'uri', required: true, constraints: [{ kind: 'length', max: 64 }] },
  ])
})

test('a row of the page takes the place of what is shared, and what is not shared is missed', () => {
  const own = compilePages(edited('constraints.md', SHARED))
  expect(own.errors).toEqual([])
  expect(present(own.spec.actions['DeleteNote'], 'the action').request[0]?.source.file).toBe('api/DeleteNote.md')
  expect(compilePages(edited('api/DeleteNote.md', [NOTE_NAME, ''])).errors.map(error => error.message)).toContain(
    'the path has `{NoteName}`, and the request no `uri` member of that name',
  )
})

test('the pages name the shared members that their requests have', () => {
  const { actions } = loadSpec()
  const said = Object.values(actions).map(({ name, source }) => {
    const text = readFileSync(path.join(ownPagesFolder(), source.file), 'utf8')
    const line = /the \[shared members\]\(\.\.\/constraints\.md#shared-members\) (.*)\.$/im.exec(text)?.[1] ?? ''
    return [name, [...line.matchAll(/`(\w+)`/g)].flatMap(match => match[1] ?? []).sort()]
  })
  const shared = Object.values(actions).map(({ name, request }) => [
    name,
    request
      .filter(member => member.source.file === 'constraints.md')
      .map(member => member.name)
      .sort(),
  ])
  expect(said).toEqual(shared)
})
