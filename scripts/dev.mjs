// npm run dev: the server from its sources, restarted on change, and the page rebuilt on change.
import { spawn } from 'node:child_process'
import { root, toolPath } from './run.mjs'
import { prepare, runScript } from './setup.mjs'

await runScript(async () => {
  await prepare({ build: false })
  const server = ['watch', '--conditions=source', 'packages/cli/src/main.ts', 'serve', ...process.argv.slice(2)]
  const page = ['build', '--watch', '--logLevel', 'warn', 'packages/dashboard']
  const children = [
    spawn(process.execPath, [toolPath('tsx'), ...server], { cwd: root, stdio: 'inherit' }),
    spawn(process.execPath, [toolPath('vite'), ...page], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }),
  ]
  const stop = () => {
    for (const child of children) child.kill('SIGTERM')
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  for (const child of children) child.on('exit', stop)
})
