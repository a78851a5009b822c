/** The frame of a page of the documentation: head, list at the side, style. */
import path from 'node:path'
import { markup, trusted, type Markup } from '../../base/markup.ts'
import type { DocsPage, Section } from './pages.ts'

/** The style of all pages. */
export const STYLE = `:root { color-scheme: light dark; --paper: #fff; --ink: #1b2128; --dim: #57606a; --line: #d5dbe1; --raised: #f6f8fa; --link: #0757b3 }
@media (prefers-color-scheme: dark) { :root { --paper: #0f1419; --ink: #e4e9ee; --dim: #9aa6b2; --line: #2c3641; --raised: #171d24; --link: #6cb0ff } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, sans-serif; display: grid; grid-template-columns: 17rem minmax(0, 1fr) }
a { color: var(--link) }
nav { border-right: 1px solid var(--line); padding: 1.2rem; height: 100vh; position: sticky; top: 0; overflow-y: auto; font-size: .9rem }
nav ul { list-style: none; padding: 0; margin: .3rem 0 .8rem }
nav li { padding: .1rem 0; overflow-wrap: anywhere }
nav summary { cursor: pointer; font-weight: 600; color: var(--dim) }
nav [aria-current] { font-weight: 700; color: var(--ink); text-decoration: none }
main { padding: 1.5rem clamp(1rem, 4vw, 3rem) 4rem; max-width: 62rem }
img { max-width: 100%; border: 1px solid var(--line); border-radius: .4rem }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: .4rem; padding: .8rem 1rem; overflow-x: auto; font-size: .86rem }
code { font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: anywhere }
pre code { overflow-wrap: normal }
.scroll { overflow-x: auto }
table { border-collapse: collapse; font-size: .9rem }
th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top }
th { background: var(--raised) }
.front { display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; font-size: .85rem; color: var(--dim) }
.front div { display: flex; gap: .4rem }
.front dd { margin: 0; color: var(--ink) }
@media (max-width: 50rem) { body { display: flex; flex-direction: column } main { order: -1; width: 100% } nav { position: static; height: auto; border: 0; border-top: 1px solid var(--line) } }
@media print { nav { display: none } body { display: block } }
`

/** A whole page. */
export function docsDocument(page: DocsPage, sections: readonly Section[]): string {
  const to = (target: string): string => path.posix.relative(path.posix.dirname(page.path), target)
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title} · lambdacheck</title>
<link rel="stylesheet" href="${to('style.css')}">
</head>
<body>
<nav aria-label="Pages">${sections.map(section => sectionList(section, page, to))}</nav>
<main>
${trusted(page.html)}
</main>
</body>
</html>
`.markup
}

function sectionList({ title, pages }: Section, current: DocsPage, to: (target: string) => string): Markup {
  const isOpen = pages.includes(current) || title === 'Begin'
  return markup`<details${isOpen && trusted(' open')}><summary>${title}</summary><ul>${pages.map(
    one =>
      markup`<li><a href="${to(one.path)}"${one === current && trusted(' aria-current="page"')}>${one.label}</a></li>`,
  )}</ul></details>
`
}
