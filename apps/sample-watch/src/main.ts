#!/usr/bin/env node
import { currentProcess, runSample } from '@lg/sample-api'
import { sampleWatch } from './command.ts'

process.exitCode = await runSample(sampleWatch, currentProcess())
