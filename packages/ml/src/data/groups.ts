// Disjoint sets of numbers (Tarjan 1975).

export interface Groups {
  /** The number that stands for the group. */
  find(member: number): number
  join(a: number, b: number): void
  /** Groups of two and more, members ascending. */
  list(): number[][]
}

export function createGroups(size: number): Groups {
  const parents = Int32Array.from({ length: size }, (_, member) => member)

  function find(member: number): number {
    let at = member
    for (let parent = parents[at] ?? at; parent !== at; parent = parents[at] ?? at) {
      parents[at] = parents[parent] ?? parent
      at = parent
    }
    return at
  }

  return {
    find,
    join(a, b) {
      const first = find(a)
      const second = find(b)
      // The smaller number stands for both: groups come out in the order of their first members.
      if (first !== second) parents[Math.max(first, second)] = Math.min(first, second)
    },
    list() {
      const members = new Map<number, number[]>()
      for (let member = 0; member < size; member++) {
        const group = members.get(find(member))
        if (group === undefined) members.set(find(member), [member])
        else group.push(member)
      }
      return [...members.values()].filter((group) => group.length > 1)
    },
  }
}
