// The stand-in's large storage: files put whole or in parts, each compared with the hash that it was announced with.
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { createApartHash } from './hash-apart.ts'
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

export interface Received {
  readonly bytes: Buffer
  readonly sha256: string
}

/** Throws where the connection is cut. */
export async function receiveBody(request: IncomingMessage): Promise<Received> {
  const length = Number(request.headers['content-length'] ?? 0)
  return length > LARGE_BYTES ? await receiveLarge(request, length) : await receiveSmall(request, length)
}

const LARGE_BYTES = 1 << 24

async function receiveSmall(request: IncomingMessage, length: number): Promise<Received> {
  const bytes = Buffer.allocUnsafe(length)
  let arrived = 0
  for await (const chunk of request as AsyncIterable<Buffer>) arrived += chunk.copy(bytes, arrived)
  const body = bytes.subarray(0, arrived)
  return { bytes: body, sha256: hashOf(body) }
}

async function receiveLarge(request: IncomingMessage, length: number): Promise<Received> {
  const hash = createApartHash(length)
  let arrived = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      arrived += chunk.copy(hash.bytes, arrived)
      hash.advance(arrived)
    }
    return { bytes: hash.bytes.subarray(0, arrived), sha256: await hash.end() }
  } finally {
    hash.dispose()
  }
}

/** Takes about half of the body. */
export async function receiveHalf(request: IncomingMessage): Promise<void> {
  const length = Number(request.headers['content-length'] ?? 0)
  let left = length / 2
  if (left === 0) return
  for await (const chunk of request as AsyncIterable<Buffer>) {
    left -= chunk.byteLength
    if (left <= 0) return
  }
}

/** Object stores want a length, and no credentials beside the signature. */
export function answerStorage(
  storage: StandInStorage,
  { method = 'GET', url = '/', headers }: IncomingMessage,
  body: Received,
): StorageAnswer {
  if (method === 'PUT' && headers['content-length'] === undefined) return { status: 411 }
  const put = PUT.exec(url)?.groups
  if (method === 'PUT' && put !== undefined) return store(storage, put, body)
  const complete = COMPLETE.exec(url)?.groups
  if (method === 'POST' && complete !== undefined) return join(storage, complete, body.bytes)
  return { status: 405 }
}

function store(storage: StandInStorage, place: Record<string, string>, { bytes, sha256 }: Received): StorageAnswer {
  const key = `${place.name}/${place.oid}`
  const etag = `"${sha256.slice(0, 32)}"`
  if (place.part === undefined) {
    if (bytes.byteLength !== Number(place.size) || sha256 !== place.oid) return { status: 400 }
    storage.objects.set(key, bytes)
    return { status: 200, etag }
  }
  const parts = storage.parts.get(key) ?? new Map()
  storage.parts.set(key, parts.set(Number(place.part), { etag, content: bytes }))
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
