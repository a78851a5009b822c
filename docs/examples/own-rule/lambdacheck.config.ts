import { defineConfig } from 'lambdacheck'
import { rule as consoleInHandler } from './rules/acme-console-in-handler.ts'

export default defineConfig({ lint: { ownRules: [consoleInHandler] } })
