export { createAzureDevOpsProvider } from './create-azure-devops-provider.ts'
export type { AzureDevOpsProviderOptions, TokenType } from './options.ts'
export { createAzureDevOpsWebhooks } from './webhooks.ts'
