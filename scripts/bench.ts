/**
 * `npm run bench [certify|analyzer]`: speed as ratios to a named yardstick, measured in the same run. Prints tables;
 * asserts nothing.
 */
import { benchAnalyzer } from './bench/analyzer.ts'
import { benchCertify } from './bench/certify.ts'

const [only] = process.argv.slice(2)
if (only === undefined || only === 'certify') for (const text of await benchCertify()) console.log(`${text}\n`)
if (only === undefined || only === 'analyzer') for (const text of await benchAnalyzer()) console.log(`${text}\n`)
