/** Writes docs/controls.md. */
import { writeFileSync } from 'node:fs'
import { loadSpec } from '../spec/compiler/compile.ts'
import { controlTable, readOtherTools } from './controls/table.ts'

writeFileSync(new URL('../docs/controls.md', import.meta.url), controlTable(loadSpec(), readOtherTools()))
