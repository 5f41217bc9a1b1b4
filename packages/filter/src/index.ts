export type { ListFilter, ObjectFilter } from './filter.ts'
