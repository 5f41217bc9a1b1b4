export { createGiteaProvider } from './create-gitea-provider.ts'
export type { GiteaProviderOptions, LabelMode } from './options.ts'
export { createGiteaWebhooks } from './webhooks.ts'
