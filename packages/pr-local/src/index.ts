export { createLocalProvider } from './create-local-provider.ts'
export type { LocalProviderOptions, OpenRepository } from './options.ts'
