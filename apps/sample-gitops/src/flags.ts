import { commonFlags, type Flag } from '@lg/sample-api'
import { hosts } from './hosts.ts'

export const summary = 'Serves the cars of a Git repository, and changes them by pull request.'

/** The flags of the command; tokens and passphrases come from the environment only. */
export const flags: typeof commonFlags & Readonly<Record<FlagName, Flag>> = {
  'git-url': { value: '<url>', help: 'the repository: https://, ssh://, git@host:path, or a path' },
  'identity-file': { value: '<file>', help: 'private key for SSH; without it the running agent is asked' },
  'known-hosts': { value: '<file>', help: 'host keys for SSH', default: '~/.ssh/known_hosts' },
  branch: { value: '<name>', help: "the branch to follow (default: the remote's own)" },
  interval: { value: '<seconds>', help: 'time between two looks at the remote', default: '10' },
  'author-name': { value: '<name>', help: 'author of the commits', default: 'sample-gitops' },
  'author-email': { value: '<address>', help: 'author of the commits', default: 'sample-gitops@localhost' },
  'pr-assignees': { value: '<names>', help: 'who pull requests are assigned to, separated by commas' },
  'pr-milestone': { value: '<title>', help: 'milestone of pull requests' },
  provider: {
    value: '<name>',
    help: 'where pull requests are opened: github, gitlab, gitea, azure-devops, local or none (default: by the URL)',
  },
  'api-url': { value: '<url>', help: "root of the host's API, where it is not at the usual place" },
  'git-engine': {
    value: '<name>',
    help: 'what talks Git: cli, or nodegit where it is installed',
    default: 'cli',
  },
  ...commonFlags,
}

type FlagName =
  | 'git-url'
  | 'identity-file'
  | 'known-hosts'
  | 'branch'
  | 'interval'
  | 'author-name'
  | 'author-email'
  | 'pr-assignees'
  | 'pr-milestone'
  | 'provider'
  | 'api-url'
  | 'git-engine'

export const environmentHelp: string = `Environment:
  LG_TOKEN           token or password for HTTPS, and of the provider; or the host's usual variable:
                     ${tokenVariables()}
  LG_USERNAME        user name for HTTPS, where the host asks for one
  LG_SSH_PASSPHRASE  passphrase of the identity file
  LG_WEBHOOK_SECRET  secret of the host's webhooks; with it POST /hooks/git takes them
  LG_NODEGIT         folder of a compiled nodegit, for --git-engine nodegit
`

function tokenVariables(): string {
  return Object.values(hosts)
    .flatMap(({ tokenVariables: names }) => names)
    .join(', ')
}
