// Keeps to the model that serves: opens what is kept of it, and lets go of the one before.
import type { ModelFolder } from '@renown/models/serving'
import type { ModelWatch } from './model-watch.ts'

export interface Follower {
  /** Of the last model that was followed; null before one was, or where it has no reference profile. */
  current(): ModelWatch | null
  /** What is kept of the model that serves now; null before one does, or without a profile. Never rejects. */
  follow(): Promise<ModelWatch | null>
  /** Starts to follow where another model serves, without waiting for it. */
  notice(): void
}

export interface FollowerOptions {
  /** Of the model that serves; null before one does. */
  readonly folder: () => ModelFolder | null
  readonly open: (folder: ModelFolder) => Promise<ModelWatch | null>
  /** Called before another model is followed. Never rejects. */
  readonly leave: () => Promise<void>
  readonly onFailure: (error: unknown) => void
}

export function createFollower(options: FollowerOptions): Follower {
  let followed: { folder: ModelFolder; readonly watch: Promise<ModelWatch | null> } | null = null
  let current: ModelWatch | null = null

  async function open(folder: ModelFolder): Promise<ModelWatch | null> {
    await options.leave()
    try {
      return await options.open(folder)
    } catch (error) {
      options.onFailure(error)
      return null
    }
  }

  async function follow(): Promise<ModelWatch | null> {
    const folder = options.folder()
    if (folder === null) return null
    const isSame = followed?.folder.path === folder.path && followed.folder.hash === folder.hash
    if (followed === null || !isSame) followed = { folder, watch: open(folder) }
    followed.folder = folder
    current = await followed.watch
    return current
  }

  return {
    current: () => current,
    follow,
    notice() {
      if (followed === null || followed.folder !== options.folder()) void follow()
    },
  }
}
