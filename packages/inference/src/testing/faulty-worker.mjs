// The entry of the worker with faults: see faulty-worker.ts.
import { register } from 'tsx/esm/api'

register()
await import('./faulty-worker.ts')
