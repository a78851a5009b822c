import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { compareRuntimes } from '../../scripts/compare-runtimes.ts'
import { knownRuntimes, readRuntimes, retiredRuntime } from './runtimes.ts'

const page = readFileSync(new URL('../../spec/rules/deprecated-runtime.md', import.meta.url), 'utf8')

describe('runtimes', () => {
  it('tells what can still be done with a deprecated one', () => {
    expect(retiredRuntime('nodejs12.x')).toMatchObject({ canCreate: false, canUpdate: false })
    expect(retiredRuntime('nodejs14.x')).toMatchObject({
      canCreate: false,
      canUpdate: true,
      updateBlocked: '2027-03-03',
    })
    expect(retiredRuntime('dotnet8')).toMatchObject({ canCreate: true, canUpdate: true, instead: 'dotnet10' })
    expect(retiredRuntime('dotnet9')).toMatchObject({ createBlocked: 'never' })
    expect(retiredRuntime('nodejs22.x')).toBeUndefined()
    expect(retiredRuntime('cobol85')).toBeUndefined()
  })

  it('recommends nothing that is deprecated itself, and nothing that it does not know', () => {
    for (const name of knownRuntimes()) {
      const retired = retiredRuntime(name)
      if (!retired) continue
      expect(knownRuntimes(), name).toContain(retired.instead)
      expect(retiredRuntime(retired.instead), retired.instead).toBeUndefined()
    }
  })

  it('reads what has no date', () => {
    expect(readRuntimes(page).undated).toEqual([
      'nodejs26.x',
      'python3.15',
      'java8.al2023',
      'java11.al2023',
      'java17.al2023',
    ])
    expect(readRuntimes(page).state).toMatch(/^20/)
  })

  const lib = fileURLToPath(new URL('../../.venv/lib', import.meta.url))
  const packages = existsSync(lib)
    ? readdirSync(lib)
        .map(name => join(lib, name, 'site-packages'))
        .find(path => existsSync(join(path, 'cfnlint')) && existsSync(join(path, 'botocore')))
    : undefined
  it.skipIf(!packages)(
    `agrees with cfn-lint and botocore${packages ? '' : ' (SKIPPED: they are not in .venv)'}`,
    () => {
      expect(compareRuntimes(page, packages!)).toEqual([])
    },
  )
})
