/** The arrows between the folders, as docs/architecture.md draws them. */
const only = (from, allowed) => ({
  name: `${from}-imports`,
  comment: `${from}/ may import ${allowed.length ? allowed.join(', ') : 'nothing of ours'}`,
  severity: 'error',
  from: { path: `^${from}/`, pathNot: '\\.test\\.ts$' },
  to: {
    path: `^(base|config|spec|reports|suites|analyzer|reference|cli|scripts|test)/`,
    pathNot: `^(${[from, ...allowed].join('|')})/`,
  },
})

module.exports = {
  forbidden: [
    only('base', []),
    only('spec', ['base']),
    only('config', ['base', 'spec']),
    only('reports', ['base', 'spec']),
    only('suites', ['base', 'config', 'spec', 'reports']),
    only('analyzer', ['base', 'config', 'spec', 'reports']),
    only('reference', ['base', 'spec']),
    {
      name: 'reports-import-types-only',
      comment: 'reports/ knows spec/ by its types alone',
      severity: 'error',
      from: { path: '^reports/', pathNot: '\\.test\\.ts$' },
      to: { path: '^spec/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'not-to-dev-dep',
      comment: 'what is published must not need what is only installed for development',
      severity: 'error',
      from: { path: '^(base|config|spec|reports|suites|analyzer|reference|cli)/', pathNot: '\\.test\\.ts$' },
      // An optional peer is installed for development, too, and asked for by name where it is needed.
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm-peer'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(analyzer|reports|spec/compiler|suites/probes|test)/fixtures/' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json', '.cjs', '.mjs'] },
  },
}
