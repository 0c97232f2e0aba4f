// Uploads standard input to an address with the official client of tus, which goes on by itself when it is cut off.
// Usage: upload.mjs URL TOKEN CHUNK_BYTES [deferred]. Prints a line of JSON for each thing that happens. With `deferred` it
// says how long it is where it ends.
import { Buffer } from 'node:buffer'
import { Upload } from 'tus-js-client'

const [uploadUrl, token, chunkSize, deferred] = process.argv.slice(2)
const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`)

const parts = []
for await (const part of process.stdin) parts.push(part)

new Upload(Buffer.concat(parts), {
  uploadUrl,
  chunkSize: Number(chunkSize) || Infinity,
  uploadLengthDeferred: deferred === 'deferred',
  retryDelays: [0, 10, 20, 40, 80, 160],
  headers: { Authorization: `Bearer ${token}` },
  onError: (error) => say({ event: 'error', message: String(error) }),
  onSuccess: () => say({ event: 'success' }),
}).start()
