export { createTemporaryFolder, longestSocketPath } from './temporary-folder.ts'
export type { TemporaryFolder, TemporaryFolderOptions } from './temporary-folder.ts'
