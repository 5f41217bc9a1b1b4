import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let dir: string
let script: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lg-serializer-'))
  script = join(dir, 'tune-cars.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('fixtures/tune-cars.ts', import.meta.url))],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@lg/source'],
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  })
})
afterAll(() => rm(dir, { recursive: true }))

function run(
  input: string | Iterable<string>,
): Promise<{ output: string; errors: string; code: number | null }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script], { stdio: 'pipe' })
    let output = ''
    let errors = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ output, errors, code }))
    for (const part of typeof input === 'string' ? [input] : input) child.stdin.write(part)
    child.stdin.end()
  })
}

const car = (name: string): string => `# the car of ${name}
apiVersion: example.org/v1
kind: Car
metadata:
    name: '${name}'
spec:
    brand: Mercedes   # a fine one
`

describe('a program between standard input and standard output', () => {
  it('changes what it means to change, and nothing else', async () => {
    const input = `---\n${car('foo')}---\n# nothing here\n---\n${car('bar')}`
    const { output, errors, code } = await run(input)
    expect({ output, errors, code }).toEqual({
      output: input.replaceAll('a fine one\n', 'a fine one\n    doors: 5\n'),
      errors: '',
      code: 0,
    })
  })

  it('passes more than a pipe holds', async () => {
    const input = Array.from({ length: 3000 }, (_, index) => car(`car-${index}`)).join('---\n')
    const { output, code } = await run(input)
    expect(code).toBe(0)
    expect(output).toBe(input.replaceAll('a fine one\n', 'a fine one\n    doors: 5\n'))
  })

  it('says where its input is wrong', async () => {
    const { output, errors, code } = await run(`${car('foo')}    wings: 2\n`)
    expect({ output, code }).toEqual({ output: '', code: 1 })
    expect(errors).toContain('line 8, column 5: spec.wings: is not a known field')
  })
})
