/**
 * Part of the build: what `lambdacheck lint` loads, some 400 modules, as a few files in `dist/bundle`. Node.js takes
 * longer to find and link so many than to run them. Other commands, and whoever imports the package, take the modules.
 */
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = join(root, 'dist/bundle')
const main = join(root, 'dist/cli/main.js')

const bundle = await rolldown({
  input: { main },
  platform: 'node',
  // A module that is asked for early in one place and late in another is loaded early: that is known.
  checks: { ineffectiveDynamicImport: false },
  external: id => /^[^./]/.test(id),
  plugins: [
    {
      name: 'as-it-lies',
      /** Commands beside `lint` are loaded from where they are. */
      resolveId: (source, importer) =>
        importer === main && /^\.\/commands\/(?!lint\.js$)/.test(source)
          ? { id: join(dirname(main), source), external: 'relative' as const }
          : null,
      /** Files that a module reads lie beside the module, and not beside the bundle. */
      transform: (code, id) =>
        code.includes('import.meta.url')
          ? code.replaceAll(
              'import.meta.url',
              `new URL(${JSON.stringify(relative(out, id).replaceAll('\\', '/'))}, import.meta.url).href`,
            )
          : null,
    },
  ],
})
await bundle.write({
  dir: out,
  format: 'esm',
  chunkFileNames: '[name].js',
  // Nobody reads it, for the modules lie beside it; names stay, so that a stack says where something broke.
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
})
