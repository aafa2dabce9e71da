// Element types of tensors.

/** Element types, with the number that ONNX gives each (onnx.proto3, TensorProto.DataType). */
export const DATA_TYPES = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9 } as const
export type DataType = keyof typeof DATA_TYPES

export const BYTES_PER_ELEMENT: { readonly [Type in DataType]: number } = {
  float32: 4,
  uint8: 1,
  int8: 1,
  int32: 4,
  int64: 8,
  bool: 1,
}
