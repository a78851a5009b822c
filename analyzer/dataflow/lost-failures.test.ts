import { describe, expect, test } from 'vitest'
import { applicationOf } from '../fixtures/project.ts'
import { lostFailures } from './lost-failures.ts'

const TEMPLATE = `Transform: AWS::Serverless-2016-10-31
Resources:
  Q: {Type: AWS::SQS::Queue}
  F: {Type: AWS::Serverless::Function, Properties: {Handler: app.handler, Runtime: nodejs22.x, Events: {Q: {Type: SQS, Properties: {Queue: !GetAtt Q.Arn}}}}}
`
const HEAD = 'const work = async (x) => fetch("https://x.example", { body: x })\n'

/** How failures are lost in a handler, in the order of the text. */
function lostIn(body: string, before = ''): string[] {
  const app = applicationOf({
    'template.yaml': TEMPLATE,
    'app.js': `${HEAD}${before}\nexports.handler = async (event) => { ${body} }`,
  })
  return lostFailures(app.functions[0]!.entry!).map(one => one.how)
}

describe('lost', () => {
  test.each([
    ['try { await work(event) } catch (e) { console.log(e) }', ['catch']],
    ['for (const r of event.Records) { try { await work(r.body) } catch (e) { console.error(e) } }', ['catch']],
    ['for (const r of event.Records) try { await work(r.body) } catch { }', ['catch']],
    [
      'for (let i = 0; i < event.Records.length; i++) { try { await work(event.Records[i].body) } catch (e) { console.error(e); continue } await work(1) }',
      ['catch'],
    ],
    [
      'for (const r of event.Records) { const m = JSON.parse(r.body); try { await work(m) } catch (e) { logger.error("x", { e, id: r.messageId }) } }',
      ['catch'],
    ],
    [
      'await Promise.all(event.Records.map(async (r) => { try { await work(r.body) } catch (e) { console.log(e) } }))',
      ['catch'],
    ],
    [
      'return Promise.all(event.Records.map(async ({ body }) => { try { return await work(body) } catch (e) { console.log(e); return null } }))',
      ['catch'],
    ],
    ['for (const r of event.Records) await work(r.body).catch(console.error)', ['callback']],
    ['for (const r of event.Records) await work(r.body).catch((e) => { console.error("failed", e) })', ['callback']],
    ['for (const r of event.Records) await work(r.body).then(x => x, () => {})', ['callback']],
    ['await Promise.all(event.Records.map(r => work(r.body).catch(e => console.error(e))))', ['callback']],
    [
      'const jobs = []; for (const r of event.Records) jobs.push(work(r.body).catch(console.error)); await Promise.all(jobs)',
      ['callback'],
    ],
    ['await Promise.allSettled(event.Records.map(r => work(r.body)))', ['settled']],
    [
      'const results = await Promise.allSettled(event.Records.map(r => work(r.body))); console.log(results)',
      ['settled'],
    ],
    [
      'const results = await Promise.allSettled(event.Records.map(r => work(r.body))); results.filter(r => r.status === "rejected").forEach(r => console.error(r.reason))',
      ['settled'],
    ],
    [
      'const results = await Promise.allSettled(event.Records.map(r => work(r.body))); for (const r of results) if (r.status === "rejected") console.error(r.reason)',
      ['settled'],
    ],
    ['return Promise.allSettled(event.Records.map(r => work(r.body)))', ['settled']],
    [
      'for (const r of event.Records) { try { await work(r.body) } catch (e) { console.log(e) } } return { batchItemFailures: [] }',
      ['catch'],
    ],
    [
      'let done = 0; for (const r of event.Records) { try { await work(r.body); done++ } catch (e) { console.log(e) } } console.log(done)',
      ['catch'],
    ],
  ])('%s', (body, how) => expect(lostIn(body)).toEqual(how))

  test.each([
    [
      'for (const r of event.Records) await handle(r)',
      'const handle = async (r) => { try { await work(r.body) } catch (e) { console.error(e) } }',
      ['catch'],
    ],
    [
      'await Promise.all(event.Records.map(handle))',
      'async function handle(r) { try { await work(r.body) } catch (e) { console.error(e) } }',
      ['catch'],
    ],
    [
      'await handleAll(event.Records)',
      'async function handleAll(records) { for (const r of records) { try { await work(r.body) } catch (e) { console.error(e) } } }',
      ['catch'],
    ],
    [
      'const store = new Store(); for (const r of event.Records) await store.save(r)',
      'class Store { async save(r) { try { await work(r.body) } catch (e) { console.error(e) } } }',
      ['catch'],
    ],
    [
      'for (const r of event.Records) await work(r.body).catch(report)',
      'const report = (error) => { console.error(error) }',
      ['callback'],
    ],
    [
      'await Promise.all(event.Records.map(handle))',
      'const handle = (r) => work(r.body).catch(console.error)',
      ['callback'],
    ],
  ])('%s, with %s', (body, before, how) => expect(lostIn(body, before)).toEqual(how))
})

describe('not lost', () => {
  test.each([
    ['for (const r of event.Records) { try { await work(r.body) } catch (e) { console.error(e); throw e } }'],
    [
      'const batchItemFailures = []; for (const r of event.Records) { try { await work(r.body) } catch (e) { console.error(e); batchItemFailures.push({ itemIdentifier: r.messageId }) } } return { batchItemFailures }',
    ],
    [
      'let failed = false; for (const r of event.Records) { try { await work(r.body) } catch (e) { failed = true } } if (failed) throw new Error("x")',
    ],
    [
      'const done = new Set(); for (const r of event.Records) { try { await work(r.body); done.add(r.messageId) } catch (e) { console.log(e) } } return { batchItemFailures: event.Records.filter(r => !done.has(r.messageId)) }',
    ],
    [
      'const results = await Promise.allSettled(event.Records.map(r => work(r.body))); if (results.some(r => r.status === "rejected")) throw new Error("x")',
    ],
    [
      'const results = await Promise.allSettled(event.Records.map(r => work(r.body))); return { batchItemFailures: results.flatMap((r, i) => r.status === "rejected" ? [{ itemIdentifier: event.Records[i].messageId }] : []) }',
    ],
    [
      'const results = await Promise.allSettled(event.Records.map(r => work(r.body))); const failed = results.filter(r => r.status === "rejected"); if (failed.length) throw new Error("x")',
    ],
    [
      'const errors = await Promise.all(event.Records.map(r => work(r.body).then(() => undefined, e => e))); if (errors.some(Boolean)) throw new Error("x")',
    ],
    ['for (const r of event.Records) await work(r.body).catch(async e => { await park(r, e) })'],
    ['for (const r of event.Records) { await work(r.body); await unlink(r.path).catch(() => {}) }'],
    [
      'for (const r of event.Records) { let m; try { m = JSON.parse(r.body) } catch (e) { console.error(e); continue } await work(m) }',
    ],
    [
      'for (const r of event.Records) { try { await cache.set(r.id) } catch (e) { console.warn(e) } await work(r.body) }',
    ],
    [
      'for (const r of event.Records) { let old; try { old = await load(r.id) } catch (e) { console.warn(e) } await work(old) }',
    ],
    ['try { await work(event) } catch (e) { await park(event, e) }'],
  ])('%s', body => expect(lostIn(body)).toEqual([]))

  test.each([
    [
      'for (const r of event.Records) if (!(await handle(r))) throw new Error("x")',
      'const handle = async (r) => { try { await work(r.body); return true } catch (e) { console.error(e); return false } }',
    ],
    [
      'const results = await Promise.all(event.Records.map(handle)); return { batchItemFailures: results.filter(Boolean) }',
      'const handle = async (r) => { try { await work(r.body) } catch (e) { console.error(e); return { itemIdentifier: r.messageId } } }',
    ],
    [
      'for (const r of event.Records) { await track(r); await work(r.body) }',
      'const track = async (r) => { try { await fetch("https://m.example", { body: r.id }) } catch (e) { console.error(e) } }',
    ],
    ['await work(event)', 'const never = async (r) => { try { await work(r.body) } catch (e) { console.error(e) } }'],
  ])('%s, with %s', (body, before) => expect(lostIn(body, before)).toEqual([]))
})
