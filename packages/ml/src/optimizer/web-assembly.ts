// WebAssembly as far as the kernels need it: Node's types don't declare it.
interface WasmMemory {
  readonly buffer: ArrayBuffer
}

interface WasmModule {
  /** Nothing else has it: keeps the type from matching any object. */
  readonly [Symbol.toStringTag]: 'WebAssembly.Module'
}

declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => WasmModule
  readonly Memory: new (size: { initial: number; maximum: number }) => WasmMemory
  readonly Instance: new (
    module: WasmModule,
    imports: { readonly store: { readonly memory: WasmMemory } },
  ) => { readonly exports: unknown }
}

export const WASM_PAGE_BYTES = 65_536

/** Kernels and the memory that they work in. */
export interface WasmUnit<Kernels> {
  readonly kernels: Kernels
  /** Never grows, so that views of it stay valid. */
  readonly buffer: ArrayBuffer
}

/**
 * Compiles a module once and returns a function that puts it to work in a new memory of at least `bytes`. The system
 * commits a page of that memory when it is first written, so what stays zero costs nothing. `Kernels` is the signature
 * of the module's exports.
 */
export function loadWasm<Kernels>(base64: string): (bytes: number) => WasmUnit<Kernels> {
  const module = new WebAssembly.Module(Buffer.from(base64, 'base64'))
  return (bytes) => {
    const pages = Math.ceil(bytes / WASM_PAGE_BYTES)
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
    const { exports } = new WebAssembly.Instance(module, { store: { memory } })
    return { kernels: exports as Kernels, buffer: memory.buffer }
  }
}
