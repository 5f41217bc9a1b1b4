import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { gitErrors } from '@lg/git'
import type { Settings } from './options.ts'

const oldest = [2, 39] as const

/** git's version, when it is one that this package can work with. */
export async function findVersion({ git, environment }: Settings): Promise<string> {
  const unavailable = (reason: string, cause?: unknown): Error =>
    gitErrors.create(
      'ENGINE_UNAVAILABLE',
      `git cannot be used: ${reason}. Install git ${oldest.join('.')} or newer, or name its path in \`git\`.`,
      { engine: git, reason },
      { cause },
    )
  if (process.platform === 'win32') throw unavailable('this package runs on Linux and macOS')
  const { stdout } = await promisify(execFile)(git, ['version'], {
    env: { PATH: environment['PATH'], LC_ALL: 'C' },
  }).catch((error: unknown) => {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw unavailable(missing ? `there is no program "${git}"` : (error as Error).message, error)
  })
  const [, version = '', major = '0', minor = '0'] = /(([0-9]+)\.([0-9]+)[0-9.]*)/.exec(stdout) ?? []
  const isOld = Number(major) < oldest[0] || (Number(major) === oldest[0] && Number(minor) < oldest[1])
  if (isOld) throw unavailable(`version ${version} is too old`)
  return version
}
