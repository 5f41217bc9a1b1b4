export { createGitHubProvider } from './create-github-provider.ts'
export { createGitHubAppToken } from './github-app.ts'
export type { GitHubAppOptions } from './github-app.ts'
export type { GitHubProviderOptions, LabelMode } from './options.ts'
