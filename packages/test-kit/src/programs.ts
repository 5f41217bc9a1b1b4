import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/** The absolute path of a program on the PATH, undefined when there is none; to skip a test that needs it. */
export async function findProgram(name: string): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)
  for (const file of folders.map((folder) => join(folder, name))) {
    if (
      await access(file, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return file
  }
  return undefined
}
