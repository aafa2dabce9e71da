// Protocol buffers, as much of the wire format as an ONNX file needs (protobuf.dev/programming-guides/encoding).

const UTF8 = new TextEncoder()

/** Writes fields into a list of chunks; large byte fields are kept by reference, never copied. */
export class ProtobufWriter {
  readonly #chunks: Uint8Array[] = []
  #small: number[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  /** A varint field (wire type 0): int32, int64, enum. */
  int(field: number, value: number): this {
    this.#key(field, 0)
    if (value >= 0) this.#varint(value)
    else this.#negativeVarint(value)
    return this
  }

  /** A float field (wire type 5). */
  float(field: number, value: number): this {
    this.#key(field, 5)
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setFloat32(0, value, true)
    this.#append(bytes)
    return this
  }

  /** A bytes field (wire type 2). */
  bytes(field: number, value: Uint8Array): this {
    this.#key(field, 2)
    this.#varint(value.byteLength)
    this.#append(value)
    return this
  }

  string(field: number, value: string): this {
    return this.bytes(field, UTF8.encode(value))
  }

  /** A nested message (wire type 2). */
  message(field: number, write: (inner: ProtobufWriter) => void): this {
    const inner = new ProtobufWriter()
    write(inner)
    this.#key(field, 2)
    this.#varint(inner.length)
    for (const chunk of inner.chunks()) this.#append(chunk)
    return this
  }

  /** The message as chunks, in order. */
  chunks(): readonly Uint8Array[] {
    this.#flush()
    return this.#chunks
  }

  #key(field: number, wireType: number): void {
    this.#varint(field * 8 + wireType)
  }

  #varint(value: number): void {
    let rest = value
    while (rest >= 128) {
      this.#byte((rest % 128) | 128)
      rest = Math.floor(rest / 128)
    }
    this.#byte(rest)
  }

  /** Negative numbers take ten bytes: two's complement on 64 bits. */
  #negativeVarint(value: number): void {
    let rest = BigInt.asUintN(64, BigInt(value))
    while (rest >= 128n) {
      this.#byte(Number(rest & 127n) | 128)
      rest >>= 7n
    }
    this.#byte(Number(rest))
  }

  #byte(value: number): void {
    this.#small.push(value)
    this.#length += 1
  }

  #append(chunk: Uint8Array): void {
    this.#flush()
    this.#chunks.push(chunk)
    this.#length += chunk.byteLength
  }

  #flush(): void {
    if (this.#small.length === 0) return
    this.#chunks.push(Uint8Array.from(this.#small))
    this.#small = []
  }
}
