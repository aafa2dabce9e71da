// The keys of a JSON object as they stand in the text: JSON.parse hides repeated ones.

/** Keys of the outermost object of a valid JSON text, in order, repeated ones repeated. */
export function listTopLevelKeys(json: string): string[] {
  const keys: string[] = []
  let depth = 0
  for (let i = 0; i < json.length; i++) {
    const character = json[i]
    if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') depth--
    else if (character === '"') {
      const end = findStringEnd(json, i)
      if (depth === 1 && isKey(json, end + 1)) keys.push(String(JSON.parse(json.slice(i, end + 1))))
      i = end
    }
  }
  return keys
}

function findStringEnd(json: string, start: number): number {
  let end = start + 1
  while (end < json.length && json[end] !== '"') end += json[end] === '\\' ? 2 : 1
  return end
}

function isKey(json: string, index: number): boolean {
  let next = index
  while (json[next] === ' ' || json[next] === '\t' || json[next] === '\n' || json[next] === '\r') next++
  return json[next] === ':'
}
