/**
 * Folders have one direction, as files do: no two import each other, over others neither, types and all. Tests may reach anywhere.
 * dependency-cruiser finds circles of folders side by side. Between a folder and the one that holds it a rule says who may import whom.
 */

/** Here the files of the folder are what its subfolders build on. Everywhere else they put the subfolders together. */
const FOUNDATIONS = [
  'suites',
  'suites/families',
  'reports',
  'spec',
  'spec/compiler',
  'analyzer/application',
  'reference/services',
  'cli',
]
/** The doors of the package: they load everything, and nothing imports them. */
const DOORS = '^cli/(main|index)[.]ts$'

const foundations = `^(${FOUNDATIONS.join('|')})`

module.exports = {
  forbidden: [
    { name: 'no-folder-circle', severity: 'error', scope: 'folder', from: {}, to: { circular: true } },
    {
      name: 'a-foundation-imports-no-subfolder',
      comment: 'move what puts the subfolders together out of the folder that they build on',
      severity: 'error',
      from: { path: `${foundations}/[^/]+$` },
      to: { path: '^$1/[^/]+/' },
    },
    {
      name: 'a-subfolder-imports-nothing-above-it',
      comment: 'move what the subfolders share into one of them, or name the folder in FOUNDATIONS',
      severity: 'error',
      from: { path: '^(.+)/[^/]+/[^/]+$', pathNot: `${foundations}/[^/]+/[^/]+$` },
      to: { path: '^$1/[^/]+$' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: {
      path: `node_modules|[.]test[.]ts$|^(base|analyzer|reports|spec/compiler|suites/probes)/fixtures/|^suites/testing/|^test/|${DOORS}`,
    },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json', '.cjs', '.mjs'] },
  },
}
