// A list whose members hold the links themselves: any of them leaves it in constant time, and nothing is allocated.

export interface Linked<T> {
  previous: T | null
  next: T | null
}

/** A member is in one list at most, and whoever removes it knows which. */
export class LinkedList<T extends Linked<T>> {
  first: T | null = null
  last: T | null = null
  size = 0

  append(member: T): void {
    member.previous = this.last
    member.next = null
    if (this.last === null) this.first = member
    else this.last.next = member
    this.last = member
    this.size++
  }

  remove(member: T): void {
    if (member.previous === null) this.first = member.next
    else member.previous.next = member.next
    if (member.next === null) this.last = member.previous
    else member.next.previous = member.previous
    member.previous = null
    member.next = null
    this.size--
  }

  moveToEnd(member: T): void {
    if (this.last === member) return
    this.remove(member)
    this.append(member)
  }
}
