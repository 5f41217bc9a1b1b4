export { createChildProgram } from './child-program.ts'
export type { ChildProgram } from './child-program.ts'
