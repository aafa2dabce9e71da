// The list of files in a zip container whose entries are stored as they are, as torch.save writes it.
import { MlError } from '../errors.ts'
import type { RandomAccessFile } from './random-access-file.ts'

/** Where one file of the container lies, after its local header. */
export interface ZipEntry {
  readonly name: string
  readonly start: number
  readonly bytes: number
}

interface DirectoryPlace {
  readonly start: number
  readonly bytes: number
  readonly entries: number
}

interface DirectoryRecord {
  readonly name: string
  readonly bytes: number
  readonly localHeader: number
}

const MAX_DIRECTORY_BYTES = 64 << 20
const END_RECORD = 0x06054b50
const END_RECORD_BYTES = 22
const ZIP64_LOCATOR = 0x07064b50
const ZIP64_END_RECORD = 0x06064b50
const DIRECTORY_RECORD = 0x02014b50
const LOCAL_HEADER = 0x04034b50

/**
 * Reads the central directory (PKWARE APPNOTE 6.3.10, 4.3.12–4.3.16, with ZIP64). Throws WEIGHTS_INVALID on anything that
 * isn't consistent, WEIGHTS_UNSUPPORTED on compressed or encrypted entries. No size is used before it is checked.
 */
export async function readZipDirectory(file: RandomAccessFile): Promise<ReadonlyMap<string, ZipEntry>> {
  const place = await findDirectory(file)
  if (place.bytes > MAX_DIRECTORY_BYTES || place.start + place.bytes > file.size) {
    throw invalid(file, `a directory of ${place.bytes} bytes at ${place.start} does not fit`)
  }
  const records = parseDirectory(await file.read(place.start, place.bytes), place.entries, file)
  const entries = new Map<string, ZipEntry>()
  for (const record of records) {
    if (entries.has(record.name)) throw invalid(file, `two entries of the name ${record.name}`)
    entries.set(record.name, await locate(file, record, place.start))
  }
  return entries
}

async function findDirectory(file: RandomAccessFile): Promise<DirectoryPlace> {
  const tailBytes = Math.min(file.size, END_RECORD_BYTES + 0xffff)
  const tail = viewOf(await file.read(file.size - tailBytes, tailBytes))
  for (let at = tailBytes - END_RECORD_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END_RECORD) continue
    if (at + END_RECORD_BYTES + tail.getUint16(at + 20, true) !== tailBytes) continue
    const place = {
      entries: tail.getUint16(at + 10, true),
      bytes: tail.getUint32(at + 12, true),
      start: tail.getUint32(at + 16, true),
    }
    const isZip64 = place.entries === 0xffff || place.bytes === 0xffffffff || place.start === 0xffffffff
    return isZip64 ? findZip64Directory(file, file.size - tailBytes + at) : place
  }
  throw invalid(file, 'no end of a zip directory')
}

async function findZip64Directory(file: RandomAccessFile, endRecord: number): Promise<DirectoryPlace> {
  if (endRecord < 20) throw invalid(file, 'no ZIP64 locator')
  const locator = viewOf(await file.read(endRecord - 20, 20))
  if (locator.getUint32(0, true) !== ZIP64_LOCATOR) throw invalid(file, 'no ZIP64 locator')
  const record = viewOf(await file.read(toNumber(locator.getBigUint64(8, true), file), 56))
  if (record.getUint32(0, true) !== ZIP64_END_RECORD) throw invalid(file, 'no ZIP64 end of directory')
  return {
    entries: toNumber(record.getBigUint64(32, true), file),
    bytes: toNumber(record.getBigUint64(40, true), file),
    start: toNumber(record.getBigUint64(48, true), file),
  }
}

function parseDirectory(bytes: Uint8Array, count: number, file: RandomAccessFile): DirectoryRecord[] {
  const view = viewOf(bytes)
  const records: DirectoryRecord[] = []
  let at = 0
  while (at + 46 <= bytes.length && view.getUint32(at, true) === DIRECTORY_RECORD) {
    const nameBytes = view.getUint16(at + 28, true)
    const extraBytes = view.getUint16(at + 30, true)
    const end = at + 46 + nameBytes + extraBytes + view.getUint16(at + 32, true)
    if (end > bytes.length) throw invalid(file, 'a directory entry is cut off')
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameBytes))
    const extra = bytes.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extraBytes)
    records.push(parseRecord(new DataView(bytes.buffer, bytes.byteOffset + at, 46), name, extra, file))
    at = end
  }
  if (records.length !== count) throw invalid(file, `expected ${count} directory entries, got ${records.length}`)
  return records
}

function parseRecord(view: DataView, name: string, extra: Uint8Array, file: RandomAccessFile): DirectoryRecord {
  const flags = view.getUint16(8, true)
  const method = view.getUint16(10, true)
  if (method !== 0 || flags & 1) {
    throw new MlError('WEIGHTS_UNSUPPORTED', `${file.name}: ${name}: expected a stored entry, got method ${method}`)
  }
  const wide = zip64Values(extra, file)
  const field = (offset: number): number => {
    const value = view.getUint32(offset, true)
    return value === 0xffffffff ? wide() : value
  }
  const bytes = field(24)
  const stored = field(20)
  const localHeader = field(42)
  if (bytes !== stored) throw invalid(file, `${name}: a stored entry of ${bytes} bytes takes ${stored}`)
  return { name, bytes, localHeader }
}

/** The 64-bit values of a ZIP64 extra field, in the order that the fields of 0xffffffff ask for them. */
function zip64Values(extra: Uint8Array, file: RandomAccessFile): () => number {
  const view = viewOf(extra)
  let at = 0
  let end = 0
  for (let field = 0; field + 4 <= extra.length; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== 1) continue
    at = field + 4
    end = Math.min(extra.length, at + view.getUint16(field + 2, true))
    break
  }
  return () => {
    if (at + 8 > end) throw invalid(file, 'a ZIP64 value is missing')
    at += 8
    return toNumber(view.getBigUint64(at - 8, true), file)
  }
}

/** The entry's bytes follow its local header, whose name and extra field may be longer than the directory's. */
async function locate(file: RandomAccessFile, record: DirectoryRecord, directoryStart: number): Promise<ZipEntry> {
  const header = viewOf(await file.read(record.localHeader, 30))
  if (header.getUint32(0, true) !== LOCAL_HEADER) throw invalid(file, `${record.name}: no local header`)
  const start = record.localHeader + 30 + header.getUint16(26, true) + header.getUint16(28, true)
  if (start + record.bytes > directoryStart) throw invalid(file, `${record.name} reaches beyond the file's data`)
  return { name: record.name, start, bytes: record.bytes }
}

function toNumber(value: bigint, file: RandomAccessFile): number {
  if (value > BigInt(file.size)) throw invalid(file, `expected a place within ${file.size} bytes, got ${value}`)
  return Number(value)
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function invalid(file: RandomAccessFile, reason: string): MlError {
  return new MlError('WEIGHTS_INVALID', `${file.name} is not a sound zip container: ${reason}`)
}
