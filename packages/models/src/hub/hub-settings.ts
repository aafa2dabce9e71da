// Where the Hub is, who asks, and where what it sends is kept: the variables that Hugging Face's own tools read.
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { ModelsError } from '../errors.ts'

const DEFAULT_ENDPOINT = 'https://huggingface.co'

export interface HubSettings {
  /** Without a slash at its end. */
  readonly endpoint: string
  readonly token: string | null
  /** Absolute. */
  readonly cache: string
  /** Never ask the network. */
  readonly offline: boolean
  /** Snapshots link to blobs; otherwise they hold copies. */
  readonly symlinks: boolean
}

export type HubEnvironment = Readonly<Record<string, string | undefined>>

/** Throws HUB_SETTING_INVALID. */
export function readHubSettings(env: HubEnvironment): HubSettings {
  return {
    endpoint: readEndpoint(env.HF_ENDPOINT),
    token: readToken(env.HF_TOKEN),
    cache: cacheFolder(env),
    offline: isTrue(env.HF_HUB_OFFLINE) || isTrue(env.TRANSFORMERS_OFFLINE),
    symlinks: !isTrue(env.HF_HUB_DISABLE_SYMLINKS),
  }
}

function readEndpoint(text: string | undefined): string {
  const endpoint = (text ?? '').trim() || DEFAULT_ENDPOINT
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new ModelsError('HUB_SETTING_INVALID', 'HF_ENDPOINT: expected an address such as https://huggingface.co')
  }
  if (url.username !== '' || url.password !== '') {
    throw new ModelsError('HUB_SETTING_INVALID', 'HF_ENDPOINT: expected an address without a name or password in it')
  }
  return url.href.replace(/\/+$/, '')
}

/** Checked here, because an error about a header would repeat it. */
function readToken(text: string | undefined): string | null {
  const token = (text ?? '').trim()
  if (token === '') return null
  if (/^[\x21-\x7e]+$/.test(token)) return token
  throw new ModelsError('HUB_SETTING_INVALID', 'HF_TOKEN: expected a token, got white space or other characters in it')
}

function cacheFolder(env: HubEnvironment): string {
  const shared = env.XDG_CACHE_HOME || join(home(env), '.cache')
  const folder =
    env.HF_HUB_CACHE || env.HUGGINGFACE_HUB_CACHE || join(env.HF_HOME || join(shared, 'huggingface'), 'hub')
  return resolve(folder.replace(/^~(?=$|[/\\])/, () => home(env)))
}

function home(env: HubEnvironment): string {
  return env.HOME || homedir()
}

function isTrue(text: string | undefined): boolean {
  return /^(1|on|yes|true)$/i.test((text ?? '').trim())
}
