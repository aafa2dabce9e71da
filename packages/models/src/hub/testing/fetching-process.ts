// A process that fetches a model by itself, for tests of several at once: says how many bytes are there, or the error's code.
import { createHubClient } from '../hub-client.ts'
import { fetchFiles, type HubProgress, openSnapshot } from '../snapshot.ts'

const client = createHubClient()
const snapshot = await openSnapshot(client, { type: 'model', name: 'someone/model' }, 'main')
const onProgress = ({ bytes }: HubProgress): void => void process.stdout.write(`${bytes}\n`)
await fetchFiles(client, snapshot, ['model.bin', 'config.json'], { onProgress }).catch((error) => {
  process.stdout.write(`${error.code}\n`)
})
