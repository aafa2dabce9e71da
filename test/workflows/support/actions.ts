// The actions that the workflows use, and what the emulator does in their place.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface ActionContext {
  readonly workspace: string
  /** What was uploaded, by artefact and path. */
  readonly artifacts: Map<string, Map<string, string>>
}

interface Action {
  readonly inputs: readonly string[]
  readonly run?: (inputs: Readonly<Record<string, string>>, context: ActionContext) => void
}

const CACHE = ['path', 'key', 'restore-keys']

const ACTIONS: Readonly<Record<string, Action>> = {
  // The workspace is a clone already.
  'actions/checkout': { inputs: ['persist-credentials'] },
  // The Node.js that runs the tests is the one that is there.
  'actions/setup-node': { inputs: ['node-version', 'cache'] },
  // Nothing is found, as in a first run, and nothing is kept.
  'actions/cache': { inputs: CACHE },
  'actions/cache/restore': { inputs: CACHE },
  'actions/cache/save': { inputs: CACHE },
  'actions/upload-artifact': { inputs: ['name', 'path', 'if-no-files-found'], run: upload },
}

/** Throws for an action, or an input of it, that isn't emulated. */
export function runAction(uses: string, inputs: Readonly<Record<string, string>>, context: ActionContext): void {
  const action = ACTIONS[uses.split('@')[0] ?? '']
  if (action === undefined) throw new Error(`${uses} is not emulated`)
  const unknown = Object.keys(inputs).filter((name) => !action.inputs.includes(name))
  if (unknown.length > 0) throw new Error(`${uses}: ${unknown.join(', ')} is not emulated`)
  action.run?.(inputs, context)
}

/** Plain paths only; those that aren't there are left out. */
function upload(inputs: Readonly<Record<string, string>>, { workspace, artifacts }: ActionContext): void {
  const paths = (inputs.path ?? '').split('\n').filter((path) => path !== '')
  const glob = paths.find((path) => /[*?!~[]/.test(path))
  if (glob !== undefined) throw new Error(`path "${glob}" of an artefact is not emulated`)
  const found = paths.filter((path) => existsSync(join(workspace, path)))
  artifacts.set(inputs.name ?? '', new Map(found.map((path) => [path, readFileSync(join(workspace, path), 'utf8')])))
}
