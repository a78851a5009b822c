/** `npm run cases`: writes the frozen list of cases anew, with the next version, and says which came and went. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { loadSpec } from '../spec/compiler/compile.ts'
import { type CaseManifest, manifestOf, readManifest } from '../suites/run/case-manifest.ts'
import { deriveCases } from '../suites/run/derive.ts'

const idsOf = (manifest: CaseManifest | undefined): ReadonlySet<string> =>
  new Set(Object.values(manifest?.cases ?? {}).flatMap(levels => Object.values(levels).flat()))

const spec = loadSpec()
const before = readManifest(spec.edition)
const same = manifestOf(spec.edition, before?.version ?? 1, deriveCases(spec))
if (before !== undefined && JSON.stringify(before) === JSON.stringify(same)) {
  console.log(`No case came or went: ${spec.edition}, cases ${before.version}.`)
} else {
  const after = { ...same, version: (before?.version ?? 0) + 1 }
  const folder = path.resolve(import.meta.dirname, '../spec/cases')
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, `${spec.edition}.json`), `${JSON.stringify(after, null, 1)}\n`)
  const [old, now] = [idsOf(before), idsOf(after)]
  for (const id of now) if (!old.has(id) && before !== undefined) console.log(`+ ${id}`)
  for (const id of old) if (!now.has(id)) console.log(`- ${id}`)
  console.log(
    `${spec.edition}, cases ${after.version}: ${now.size} cases, ${after.must} of them MUST. Say in CHANGELOG.md what came and went.`,
  )
}
