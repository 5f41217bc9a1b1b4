import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { testKitErrors } from './errors.ts'
import { findProgram } from './programs.ts'
import { createTree } from './tree.ts'

/** What a server over TLS shows, as PEM. */
export interface Certificate {
  readonly key: string
  readonly cert: string
}

/**
 * A certificate for `127.0.0.1` and `localhost` that lasts a day and is trusted by nobody who is not told to: it is its
 * own certificate authority.
 *
 * Rejects with `PROGRAM_MISSING` when `openssl` is not installed, with `PROGRAM_FAILED` when it does not make one.
 */
export async function createCertificate(): Promise<Certificate> {
  const program = 'openssl'
  if ((await findProgram(program)) === undefined) {
    const message = 'openssl is not on the PATH; install OpenSSL'
    throw testKitErrors.create('PROGRAM_MISSING', message, { program })
  }
  const tree = await createTree()
  try {
    const kind = [
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-noenc',
      '-days',
      '1',
    ]
    const names = ['-subj', '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost']
    const files = ['-keyout', tree.path('key.pem'), '-out', tree.path('cert.pem')]
    await promisify(execFile)(program, ['req', ...kind, ...names, ...files])
    return { key: await tree.read('key.pem'), cert: await tree.read('cert.pem') }
  } catch (error) {
    const { stderr = '' } = error as { readonly stderr?: string }
    const message = `openssl made no certificate: ${stderr.trim()}`
    throw testKitErrors.create('PROGRAM_FAILED', message, { program, stderr }, { cause: error })
  } finally {
    await tree.close()
  }
}
