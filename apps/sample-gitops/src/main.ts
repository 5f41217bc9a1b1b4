#!/usr/bin/env node
import { currentProcess, runSample } from '@lg/sample-api'
import { sampleGitOps } from './command.ts'

process.exitCode = await runSample(sampleGitOps, currentProcess())
