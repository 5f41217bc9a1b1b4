import { defineErrors } from '@lg/runtime'
import type { ErrorFamily } from '@lg/runtime'

/** What the kit itself can fail with. Faults that a test switched on are no errors of the kit. */
export interface TestKitErrors {
  /** A `git` command of the kit ended with another exit code than 0. */
  GIT_FAILED: {
    readonly args: readonly string[]
    readonly exitCode: number | null
    readonly stdout: string
    readonly stderr: string
  }
  /** A program that the call needs is not on the PATH. */
  PROGRAM_MISSING: { readonly program: string }
  /** The program did not do what it was started for. */
  PROGRAM_FAILED: { readonly program: string; readonly stderr: string }
  /** A path that leaves its root, or that Git would refuse. */
  PATH_INVALID: { readonly path: string }
  /** The platform does not offer what the call needs. */
  UNSUPPORTED: { readonly platform: string }
}

export const testKitErrors: ErrorFamily<TestKitErrors> = defineErrors()
