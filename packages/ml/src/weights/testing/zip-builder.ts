// Writes zip containers with stored entries, sound or not.

export interface ZipFile {
  readonly name: string
  readonly data: Uint8Array
  /** The size that the directory claims, where it isn't the real one. */
  readonly claimed?: number
}

export interface ZipFaults {
  readonly method?: number
  readonly flags?: number
  readonly entries?: number
  readonly directoryStart?: number
  /** Every place and size in ZIP64 records. */
  readonly zip64?: boolean
}

export function buildZip(files: readonly ZipFile[], faults: ZipFaults = {}): Buffer {
  const parts: Buffer[] = []
  const records: Buffer[] = []
  let offset = 0
  for (const file of files) {
    const local = localHeader(file)
    records.push(directoryRecord(file, offset, faults))
    parts.push(local, Buffer.from(file.data))
    offset += local.length + file.data.length
  }
  const directory = Buffer.concat(records)
  const entries = faults.entries ?? files.length
  const start = faults.directoryStart ?? offset
  const end = faults.zip64
    ? zip64End(entries, directory.length, start, offset + directory.length)
    : endRecord(entries, directory.length, start)
  return Buffer.concat([...parts, directory, end])
}

function localHeader({ name, data }: ZipFile): Buffer {
  const bytes = Buffer.from(name)
  // An extra field that the directory doesn't have, as torch pads its entries.
  const padding = Buffer.from([0x46, 0x42, 3, 0, 90, 90, 90])
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt32LE(data.length, 18)
  header.writeUInt32LE(data.length, 22)
  header.writeUInt16LE(bytes.length, 26)
  header.writeUInt16LE(padding.length, 28)
  return Buffer.concat([header, bytes, padding])
}

function directoryRecord(file: ZipFile, offset: number, faults: ZipFaults): Buffer {
  const name = Buffer.from(file.name)
  const size = file.claimed ?? file.data.length
  const record = Buffer.alloc(46)
  record.writeUInt32LE(0x02014b50, 0)
  record.writeUInt16LE(faults.flags ?? 0, 8)
  record.writeUInt16LE(faults.method ?? 0, 10)
  record.writeUInt32LE(faults.zip64 ? 0xffffffff : size, 20)
  record.writeUInt32LE(faults.zip64 ? 0xffffffff : size, 24)
  record.writeUInt16LE(name.length, 28)
  record.writeUInt32LE(faults.zip64 ? 0xffffffff : offset, 42)
  if (!faults.zip64) return Buffer.concat([record, name])
  const extra = Buffer.alloc(28)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(24, 2)
  for (const [index, value] of [size, size, offset].entries()) extra.writeBigUInt64LE(BigInt(value), 4 + 8 * index)
  record.writeUInt16LE(extra.length, 30)
  return Buffer.concat([record, name, extra])
}

function endRecord(entries: number, bytes: number, start: number): Buffer {
  const record = Buffer.alloc(22)
  record.writeUInt32LE(0x06054b50, 0)
  record.writeUInt16LE(entries, 10)
  record.writeUInt32LE(bytes, 12)
  record.writeUInt32LE(start, 16)
  return record
}

function zip64End(entries: number, bytes: number, start: number, place: number): Buffer {
  const record = Buffer.alloc(56)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(44n, 4)
  record.writeBigUInt64LE(BigInt(entries), 32)
  record.writeBigUInt64LE(BigInt(bytes), 40)
  record.writeBigUInt64LE(BigInt(start), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(place), 8)
  return Buffer.concat([record, locator, endRecord(0xffff, 0xffffffff, 0xffffffff)])
}
