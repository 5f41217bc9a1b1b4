import type { SampleProcess } from './run-sample.ts'

/** The process that runs now, with its arguments, output and signals. */
export function currentProcess(): SampleProcess {
  return {
    args: process.argv.slice(2),
    env: process.env,
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    stop: stopSignal(),
  }
}

/** Aborted by Ctrl-C or `kill`; a second one ends the process at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130)
      controller.abort(new Error(`Stopped by ${name}`))
    })
  }
  return controller.signal
}
