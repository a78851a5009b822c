/** `npm run docs`: README, docs, pages of the specification and of the rules as a static site in docs-site/, or in the folder that is named. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { docsDocument, STYLE } from './docs-site/document.ts'
import { docsPages, sectionsOf } from './docs-site/pages.ts'

const root = path.resolve(import.meta.dirname, '..')
const out = path.resolve(process.argv[2] ?? path.join(root, 'docs-site'))

rmSync(out, { recursive: true, force: true })
const pages = docsPages(root)
const sections = sectionsOf(pages)
for (const page of pages) {
  const file = path.join(out, page.path)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, docsDocument(page, sections))
}
writeFileSync(path.join(out, 'style.css'), STYLE)
cpSync(path.join(root, 'docs/pictures'), path.join(out, 'docs/pictures'), { recursive: true })
process.stdout.write(`${pages.length} pages are in ${path.relative('.', out)}: begin with index.html\n`)
