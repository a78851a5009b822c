import { expect, test } from 'vitest'
import { loadSpec } from '../spec/compiler/compile.ts'
import { inputTypes } from './list-inputs.ts'

test('requests are typed as the pages state them', () => {
  const text = inputTypes(loadSpec())
  expect(text).toContain(`
interface CreateAliasInput {
  readonly FunctionName: string
  readonly Description?: string
  readonly FunctionVersion: string
  readonly Name: string
  readonly RoutingConfig?: AliasRoutingConfiguration
}
`)
  expect(text).toContain(
    '\ninterface AliasRoutingConfiguration {\n  readonly AdditionalVersionWeights?: { readonly [key: string]: number }\n}\n',
  )
  expect(text).toContain("  readonly PackageType?: 'Zip' | 'Image'\n")
  expect(text).toContain('  readonly ZipFile?: Buffer\n')
})
