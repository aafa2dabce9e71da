// The stand-in's large storage: files put whole or in parts, each compared with the hash that it was announced with.
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { StandInRepository } from './stand-in-repositories.ts'

export interface StorageOptions {
  /** Files larger than this go in parts of so many bytes; all go whole unless given. */
  readonly partBytes?: number
}

export interface StandInStorage {
  /** By `owner/name/SHA-256`. */
  readonly objects: Map<string, Buffer>
  readonly parts: Map<string, Map<number, { readonly etag: string; readonly content: Buffer }>>
}

export interface StorageAnswer {
  readonly status: number
  readonly etag?: string
}

const PUT = /^\/upload\/(?<name>[^/]+\/[^/]+)\/(?<oid>[0-9a-f]{64})\?size=(?<size>\d+)(?:&part=(?<part>\d+))?/
const COMPLETE = /^\/complete\/(?<name>[^/]+\/[^/]+)\/(?<oid>[0-9a-f]{64})\?/

export function createStorage(): StandInStorage {
  return { objects: new Map(), parts: new Map() }
}

/** What is stored for a repository: what was put there, and what its commits hold. */
export function findObject(storage: StandInStorage, repository: StandInRepository, oid: string): Buffer | null {
  const put = storage.objects.get(`${repository.name}/${oid}`)
  if (put !== undefined) return put
  for (const files of repository.commits.values()) {
    for (const file of files.values()) if (file.sha256 === oid) return file.content
  }
  return null
}

/** The upload action of a batch's answer. */
export function planUpload(
  { partBytes }: StorageOptions,
  object: { readonly name: string; readonly oid: string; readonly size: number; readonly cdnUrl: string },
): unknown {
  const { name, oid, size, cdnUrl } = object
  const whole = `${cdnUrl}/upload/${name}/${oid}?size=${size}`
  if (partBytes === undefined || size <= partBytes) return { href: `${whole}&signature=anything` }
  const numbers = Array.from({ length: Math.ceil(size / partBytes) }, (_, index) => index + 1)
  const parts = numbers.map((part) => [String(part).padStart(5, '0'), `${whole}&part=${part}&signature=anything`])
  const header = { chunk_size: String(partBytes), ...Object.fromEntries(parts) }
  return { href: `${cdnUrl}/complete/${name}/${oid}?signature=anything`, header }
}

export function isStorage(url: string): boolean {
  return PUT.test(url) || COMPLETE.test(url)
}

export async function readBody(request: IncomingMessage, half = false): Promise<Buffer> {
  const length = Number(request.headers['content-length'] ?? 0)
  const body = Buffer.allocUnsafe(length)
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (bytes + chunk.byteLength > length) throw new Error('more arrived than was announced')
    bytes += chunk.copy(body, bytes)
    if (half && bytes * 2 >= length) break
  }
  return body.subarray(0, bytes)
}

/** Object stores want a length, and no credentials beside the signature. */
export function answerStorage(
  storage: StandInStorage,
  { method = 'GET', url = '/', headers }: IncomingMessage,
  body: Buffer,
): StorageAnswer {
  if (method === 'PUT' && headers['content-length'] === undefined) return { status: 411 }
  const put = PUT.exec(url)?.groups
  if (method === 'PUT' && put !== undefined) return store(storage, put, body)
  const complete = COMPLETE.exec(url)?.groups
  if (method === 'POST' && complete !== undefined) return join(storage, complete, body)
  return { status: 405 }
}

function store(storage: StandInStorage, place: Record<string, string>, body: Buffer): StorageAnswer {
  const key = `${place.name}/${place.oid}`
  if (place.part === undefined) {
    if (body.byteLength !== Number(place.size) || hashOf(body) !== place.oid) return { status: 400 }
    storage.objects.set(key, body)
    return { status: 200, etag: `"${place.oid?.slice(0, 32)}"` }
  }
  const etag = `"${hashOf(body).slice(0, 32)}"`
  const parts = storage.parts.get(key) ?? new Map()
  storage.parts.set(key, parts.set(Number(place.part), { etag, content: body }))
  return { status: 200, etag }
}

function join(storage: StandInStorage, place: Record<string, string>, body: Buffer): StorageAnswer {
  const key = `${place.name}/${place.oid}`
  const { oid, parts } = JSON.parse(body.toString('utf8')) as {
    oid: string
    parts: { partNumber: number; etag: string }[]
  }
  const known = storage.parts.get(key)
  const contents = parts.map(({ partNumber, etag }, index) => {
    const part = known?.get(partNumber)
    return part?.etag === etag && partNumber === index + 1 ? part.content : null
  })
  if (contents.includes(null)) return { status: 400 }
  const whole = Buffer.concat(contents as Buffer[])
  if (oid !== place.oid || hashOf(whole) !== oid) return { status: 400 }
  storage.objects.set(key, whole)
  storage.parts.delete(key)
  return { status: 200 }
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
