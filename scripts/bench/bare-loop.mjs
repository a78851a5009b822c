// The yardstick: sends noted requests with undici and reads the answers, nothing more. Arguments: URL, file, how many.
import { readFileSync } from 'node:fs'
import { Pool } from 'undici'

const [url, file, count] = process.argv.slice(2)
const requests = JSON.parse(readFileSync(file, 'utf8')).slice(0, Number(count))
const pool = new Pool(url, { connections: 8 })
let next = 0
await Promise.all(
  Array.from({ length: 8 }, async () => {
    while (next < requests.length) {
      const { method, path, headers, body } = requests[next++]
      const answer = await pool.request({
        method,
        path,
        headers,
        ...(body ? { body: Buffer.from(body, 'base64') } : {}),
      })
      await answer.body.text()
    }
  }),
)
await pool.close()
