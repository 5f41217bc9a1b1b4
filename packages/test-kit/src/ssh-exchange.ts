import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import type { Clock } from '@lg/runtime'
import type { ServerChannel } from 'ssh2'
import { orAborted } from './aborted.ts'
import { endGroup } from './children.ts'
import type { Children } from './children.ts'
import type { FaultTarget, GitFault } from './fault.ts'
import { flowUnder, pump } from './flow.ts'
import { hermeticEnvironment } from './git-command.ts'
import type { GitService } from './git-service.ts'
import { cut } from './listener.ts'
import type { RefusalHook } from './refusal-hook.ts'

/** One command that a client asked a Git server over SSH for. */
export interface RecordedCommand {
  /** As sent. */
  readonly command: string
  /** What the client sent as `GIT_PROTOCOL`. */
  readonly protocol: string | undefined
  /** Undefined for a command that is none of Git's. */
  readonly service?: GitService
  readonly repository?: string
  /** Set when the command ended; stays undefined when a fault cut it off before it began. */
  readonly exitCode: number | undefined
}

/** One command that is allowed, and what it needs to be answered. */
export interface SshExchange {
  readonly channel: ServerChannel
  readonly socket: Socket
  readonly target: FaultTarget
  /** Absolute path of the repository. */
  readonly repository: string
  readonly protocol: string | undefined
  readonly fault: GitFault | undefined
  readonly refusal: RefusalHook
  readonly children: Children
  readonly clock: Clock
  readonly finish: (exitCode: number) => void
}

/** Lets Git answer, both ways as a stream. */
export async function answerCommand(exchange: SshExchange): Promise<void> {
  const { channel, socket, target, fault, clock, finish } = exchange
  const closed = new AbortController()
  channel.on('close', () => closed.abort(new Error('The client went away')))
  const { signal } = closed
  try {
    if (fault?.type === 'delay') await clock.sleep(fault.milliseconds, { signal })
    if (fault?.type === 'intercept') await orAborted(fault.run(target), signal)
  } catch (error) {
    if (signal.aborted) return
    throw error
  }
  const child = start(exchange)
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 128))
  })
  // A fetch that nobody waits for is ended. A push goes on with what arrived: whole, or cut off and refused.
  signal.addEventListener('abort', () =>
    target.service === 'fetch' ? endGroup(child, 'SIGTERM') : undefined,
  )

  const silence = { on: false }
  const input = feed(exchange, child, signal, silence)
  const output = answer(exchange, child, signal, silence)
  const [exitCode, fate] = await Promise.all([ended, output])
  finish(exitCode)
  if (fate === 'cut' || silence.on) cut(socket, fault?.type === 'drop' && fault.reset)
  else if (!signal.aborted) {
    channel.exit(exitCode)
    channel.end()
  }
  await input
}

/** Gives what the client sends to Git. */
async function feed(
  { channel, socket, fault, clock }: SshExchange,
  child: ChildProcessWithoutNullStreams,
  signal: AbortSignal,
  silence: { on: boolean },
): Promise<void> {
  try {
    const source = mark(chunks(channel), () => {
      // The client has the list of refs and now sends its push: from here on it hears nothing.
      silence.on = fault?.type === 'drop' && fault.after === 'push'
    })
    const end = await pump(source, child.stdin, flowUnder(fault, 'received', clock, signal))
    if (end === 'limit') cut(socket, fault?.type === 'drop' && fault.reset)
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    child.stdin.end()
    channel.resume()
  }
}

/** Gives Git's answer to the client. */
async function answer(
  { channel, fault, clock }: SshExchange,
  child: ChildProcessWithoutNullStreams,
  signal: AbortSignal,
  silence: { readonly on: boolean },
): Promise<'cut' | 'whole'> {
  child.stderr.on('data', (chunk: Buffer) => (signal.aborted ? undefined : channel.stderr.write(chunk)))
  try {
    const audible = heard(chunks(child.stdout), silence)
    const end = await pump(audible, channel, flowUnder(fault, 'sent', clock, signal))
    if (end !== 'limit') return 'whole'
    endGroup(child, 'SIGTERM')
    return 'cut'
  } catch (error) {
    if (!signal.aborted) throw error
    return 'whole'
  } finally {
    // What nobody reads must not hold Git up.
    child.stdout.resume()
  }
}

function start({
  target,
  repository,
  protocol,
  fault,
  refusal,
  children,
}: SshExchange): ChildProcessWithoutNullStreams {
  const { config, environment } = refusal.under(fault)
  const env = {
    ...hermeticEnvironment({ 'receive.autogc': 'false', ...config }),
    ...environment,
    ...(protocol === undefined ? {} : { GIT_PROTOCOL: protocol }),
  }
  return children.spawn('git', [target.service === 'fetch' ? 'upload-pack' : 'receive-pack', repository], {
    env,
  })
}

function chunks(stream: Readable): AsyncIterable<Uint8Array> {
  return stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
}

async function* mark(source: AsyncIterable<Uint8Array>, seen: () => void): AsyncIterable<Uint8Array> {
  for await (const chunk of source) {
    seen()
    yield chunk
  }
}

async function* heard(
  source: AsyncIterable<Uint8Array>,
  silence: { readonly on: boolean },
): AsyncIterable<Uint8Array> {
  for await (const chunk of source) if (!silence.on) yield chunk
}
