import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadSharedConfigFiles } from '@smithy/core/config'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { readProfile, sectionsOf } from './aws-profile.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'lambdacheck-ini-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const name = fc.constantFrom('a', 'b', 'dev.1', 'team/x')
const line = fc.oneof(
  name.map(one => `[profile ${one}]`),
  name.map(one => `[services ${one}]`),
  name.map(one => `[${one}]`),
  fc.constantFrom('[default]', '[profile "q"]', '[other thing]', '[', '# a remark', '', '  '),
  fc
    .tuple(fc.constantFrom('', '', '  ', '\t'), fc.constantFrom('region', 'lambda', 's3'), fc.string({ maxLength: 8 }))
    .map(([indent, key, value]) => `${indent}${key} = ${value.replace(/[\r\n]/g, '')}`),
  fc.constantFrom('lambda =', 'endpoint_url=http://127.0.0.1:7 ; remark', '  endpoint_url = http://[::1]:9', '= x'),
)

test("reads shared files as AWS's own loader does", async () => {
  let count = 0
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 12 }), async lines => {
      const file = path.join(folder, String(count++))
      writeFileSync(file, lines.join('\n'))
      const theirs = await loadSharedConfigFiles({ filepath: file, configFilepath: file, ignoreCache: true })
      const ours = (isConfig: boolean): object =>
        Object.fromEntries(
          [...sectionsOf(lines.join('\n'), isConfig)].map(([section, values]) => [section.replace(' ', '.'), values]),
        )
      expect(ours(true)).toEqual(theirs.configFile)
      // Of the credentials file only plain sections are profiles; the loader keeps the others beside them.
      const plain = Object.entries(theirs.credentialsFile).filter(([section]) => !/^(profile|services)\./.test(section))
      expect(ours(false)).toEqual(Object.fromEntries(plain))
    }),
    { numRuns: 300, seed: 1 },
  )
})

test('a profile has the region of its section and the endpoint of its services, unless that is to be ignored', () => {
  const file = path.join(folder, 'config')
  writeFileSync(
    file,
    '[profile a]\nregion = eu-west-3\nservices = s\nendpoint_url = http://127.0.0.1:8\n[services s]\nlambda =\n  endpoint_url = http://127.0.0.1:7\n',
  )
  const env = { AWS_CONFIG_FILE: file, AWS_SHARED_CREDENTIALS_FILE: path.join(folder, 'none') }
  expect(readProfile(env, 'a')).toEqual({ name: 'a', region: 'eu-west-3', endpointUrl: 'http://127.0.0.1:7' })
  expect(readProfile({ ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, 'a').endpointUrl).toBeUndefined()
  expect(readProfile(env, undefined)).toEqual({ name: 'default' })
})
