// Run by git (credential helper: `get`, with the request on standard input) and by ssh (askpass: the prompt as the
// argument). Passes the question to the process that started git, in the lines of `git credential-cache`, and prints
// the answer. The socket is all that the environment holds; no answer, no output, and git or ssh goes on without.
import { createConnection } from 'node:net'

const [action, prompt = ''] = process.argv.slice(2)
const chunks = []
if (action === 'get') for await (const chunk of process.stdin) chunks.push(chunk)
else chunks.push(Buffer.from(`prompt=${prompt.replace(/\s+/g, ' ')}\n`))

const socket = createConnection(process.env.LG_ASK_SOCKET ?? '')
socket.on('error', () => process.exit(1))
socket.setEncoding('utf8')
let answer = ''
socket.on('data', (text) => {
  answer += text
})
socket.on('end', () => {
  if (answer === '') process.exit(1)
  process.stdout.write(answer, () => process.exit(0))
})
socket.end(Buffer.concat([Buffer.from(`action=${action}\n`), ...chunks]))
