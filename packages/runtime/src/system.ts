import type { Clock, Logger, Random } from './ports.ts'

/** A logger that says nothing. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} }

/** The machine's own clock. A pending `sleep` does not keep the process alive where timers can tell. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, { signal } = {}) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const onAbort = (): void => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }, ms)
      signal?.addEventListener('abort', onAbort, { once: true })
    }),
}

/** The platform's cryptographic random source. */
export const systemRandom: Random = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  fraction: () => {
    const [word = 0] = crypto.getRandomValues(new Uint32Array(1))
    return word / 2 ** 32
  },
}

/** `length` bytes in lower-case hexadecimal, two digits each. */
export function randomHex(random: Random, length: number): string {
  return Array.from(random.bytes(length), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
