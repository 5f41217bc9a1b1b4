#!/usr/bin/env node
import { run } from './run.ts'
import { stopSignal } from './stop-signal.ts'

process.exitCode = await run({
  args: process.argv.slice(2),
  env: process.env,
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  stop: stopSignal(),
})
