// @ts-check
/** @typedef {import('./main.mjs').Store} Store */

const kinds = ['', 'commit', 'tree', 'blob', 'tag']

/**
 * @param {Store} store
 * @param {import('./calls.ts').EngineCalls['read']['request']} requests
 * @returns {Promise<(import('./calls.ts').ReadObject | null)[]>}
 */
export function read({ nodegit, odb }, requests) {
  return Promise.all(
    requests.map(async ({ oid, bytes }) => {
      const object = await odb.read(nodegit.Oid.fromString(oid)).catch(nullIfMissing(nodegit))
      if (object === null) return null
      const size = object.size()
      return {
        kind: kinds[object.type()] ?? '',
        size,
        bytes: bytes ? object.data().toBuffer(size) : new Uint8Array(0),
      }
    }),
  )
}

/**
 * For `catch`: turns "not found" into `null`.
 *
 * @param {Store['nodegit']} nodegit
 */
export function nullIfMissing(nodegit) {
  return (/** @type {Error & { errno?: number }} */ error) => {
    if (error.errno === nodegit.Error.CODE.ENOTFOUND) return null
    throw error
  }
}
