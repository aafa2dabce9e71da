// Sentences to start with, our own.

export const EXAMPLES: readonly string[] = [
  'Two weeks for a parcel that was promised for Monday, and nobody picks up the phone.',
  'The friendliest support I have had in years, and it took five minutes.',
  'The 14 stops at Harbour Street instead of Old Mill until Sunday.',
  'Great, another price rise. Just what we needed.',
]
