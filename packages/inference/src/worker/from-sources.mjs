// The worker's entry where the packages are read from their sources: Node 20 takes no TypeScript file as an entry.
import { register } from 'tsx/esm/api'

register()
await import('./entry.ts')
