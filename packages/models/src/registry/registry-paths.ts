// Where a registry keeps its things: beside the model folders that people name themselves, hidden from them.
//
//   HOME/models/.registry/log/00000012/event.json  what happened, one folder for each event, numbered without gaps
//   HOME/models/.registry/versions/v3/             an ordinary model folder, never changed
//   HOME/models/.registry/blobs/ab/abcd…           contents by their SHA-256, which versions share
//   HOME/models/.registry/staging/ID/              what is being written
import { basename, dirname, join, resolve } from 'node:path'

const REGISTRY_FOLDER = '.registry'
const VERSIONS_FOLDER = 'versions'

export interface RegistryPaths {
  /** Folders with names of people's own, `HOME/models`. */
  readonly named: string
  readonly root: string
  readonly log: string
  readonly versions: string
  readonly blobs: string
  readonly staging: string
}

export function registryPaths(home: string): RegistryPaths {
  const named = join(resolve(home), 'models')
  const root = join(named, REGISTRY_FOLDER)
  const inside = (name: string): string => join(root, name)
  return {
    named,
    root,
    log: inside('log'),
    versions: inside(VERSIONS_FOLDER),
    blobs: inside('blobs'),
    staging: inside('staging'),
  }
}

export function versionPath({ versions }: RegistryPaths, version: string): string {
  return join(versions, version)
}

export function blobPath({ blobs }: RegistryPaths, sha256: string): string {
  return join(blobs, sha256.slice(0, 2), sha256)
}

/** Whether a model folder is a version of a registry, which nobody may change. */
export function isVersionFolder(folder: string): boolean {
  const versions = dirname(resolve(folder))
  return basename(versions) === VERSIONS_FOLDER && basename(dirname(versions)) === REGISTRY_FOLDER
}
