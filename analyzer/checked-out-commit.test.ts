import { describe, expect, it } from 'vitest'
import { projectWith } from './fixtures/project.ts'
import { checkedOutCommit } from './checked-out-commit.ts'

const COMMIT = 'a'.repeat(40)
const OTHER = 'b'.repeat(40)

describe('the commit that is checked out', () => {
  it('is that of the branch, from any folder below', () => {
    const root = projectWith({
      '.git/HEAD': 'ref: refs/heads/main\n',
      '.git/refs/heads/main': `${COMMIT}\n`,
      'a/b.ts': '',
    })
    expect(checkedOutCommit(root)).toBe(COMMIT)
    expect(checkedOutCommit(`${root}/a`)).toBe(COMMIT)
  })

  it('is found among packed refs, and where no branch is checked out', () => {
    const packed = `# pack-refs with: peeled\n${OTHER} refs/heads/other\n${COMMIT} refs/heads/main\n`
    expect(checkedOutCommit(projectWith({ '.git/HEAD': 'ref: refs/heads/main\n', '.git/packed-refs': packed }))).toBe(
      COMMIT,
    )
    expect(checkedOutCommit(projectWith({ '.git/HEAD': `${OTHER}\n` }))).toBe(OTHER)
  })

  it('is found behind the file of a second checkout', () => {
    const root = projectWith({
      'main/.git/worktrees/two/HEAD': 'ref: refs/heads/two\n',
      'main/.git/worktrees/two/commondir': '../..\n',
      'main/.git/refs/heads/two': `${COMMIT}\n`,
      'two/.git': 'gitdir: ../main/.git/worktrees/two\n',
    })
    expect(checkedOutCommit(`${root}/two`)).toBe(COMMIT)
  })

  it('is nothing where there is none, and nothing that a file merely says', () => {
    expect(checkedOutCommit(projectWith({ '.git/HEAD': 'ref: refs/heads/main\n' }))).toBeUndefined()
    expect(checkedOutCommit(projectWith({ '.git/HEAD': '<script>' }))).toBeUndefined()
    expect(checkedOutCommit(projectWith({ '.git': 'gitdir: /nowhere\n' }))).toBeUndefined()
  })
})
