export { createAppRunner } from './app-process.ts'
export type { AppProcess, AppRunner, Exit } from './app-process.ts'
