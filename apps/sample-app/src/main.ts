#!/usr/bin/env node
import { currentProcess, runSample } from '@lg/sample-api'
import { sampleApp } from './command.ts'

process.exitCode = await runSample(sampleApp, currentProcess())
