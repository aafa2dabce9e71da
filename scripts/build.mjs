// npm run build: set up and build, and nothing else.
import { prepare, runScript, say } from './setup.mjs'

await runScript(async () => {
  await prepare()
  say('Built.')
})
