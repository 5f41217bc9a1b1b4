import { createAppRunner } from '@lg/app-tests'

const app = createAppRunner(new URL('../dist/main.js', import.meta.url))

export const runApp = app.run
export const startApp = app.start
