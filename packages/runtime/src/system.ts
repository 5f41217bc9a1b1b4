import type { Clock, Logger, Random } from './ports.ts'

/** A logger that says nothing. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} }

/** What a timer holds: 2^31 - 1 ms, 24 days. One set to more fires at once. */
const longestTimer = 2_147_483_647

/** The machine's own clock. A pending `sleep` keeps the process alive; abort it to let go. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, { signal } = {}) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      let timer: ReturnType<typeof setTimeout>
      const onAbort = (): void => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const wait = (left: number): void => {
        timer = setTimeout(
          () => {
            if (left > longestTimer) return wait(left - longestTimer)
            signal?.removeEventListener('abort', onAbort)
            resolve()
          },
          Math.min(left, longestTimer),
        )
      }
      wait(ms)
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
