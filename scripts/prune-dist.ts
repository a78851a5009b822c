/** Part of the build: takes out of `dist/` what was compiled from a source that is no longer there, so that it is not published. */
import { existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { globSync } from 'tinyglobby'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Files of `dist/`, relative to the root, that no source stands behind. */
function orphans(): readonly string[] {
  const built = globSync(['dist/**/*.js', 'dist/**/*.d.ts'], { cwd: root })
  return built.filter(file => {
    const source = file.replace(/^dist\//, '').replace(/(\.d\.ts|\.js)$/, '.ts')
    return !existsSync(path.join(root, source)) || /\.test\.ts$/.test(source)
  })
}

for (const file of orphans()) rmSync(path.join(root, file))
