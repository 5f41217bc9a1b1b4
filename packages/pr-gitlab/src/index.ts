export { createGitLabProvider } from './create-gitlab-provider.ts'
export type { GitLabProviderOptions, LabelMode, TokenType } from './options.ts'
export { createGitLabWebhooks } from './webhooks.ts'
