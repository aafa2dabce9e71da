// Gives signals, timers and the terminal a chance between two computations that block the thread.

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
