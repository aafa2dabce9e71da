// Light, dark or as the system says; the choice is remembered on this computer.

export const THEME_CHOICES = ['system', 'light', 'dark'] as const
export type ThemeChoice = (typeof THEME_CHOICES)[number]

const KEY = 'renown-theme'

export interface Theme {
  choice(): ThemeChoice
  choose(choice: ThemeChoice): void
  /** Called when the colours change, by choice or by the system. Returns a function that unsubscribes. */
  subscribe(listener: () => void): () => void
}

export function createTheme(root: HTMLElement, storage: Storage | null, system: MediaQueryList): Theme {
  const listeners = new Set<() => void>()
  let choice = readChoice(storage)

  function apply(): void {
    if (choice === 'system') root.removeAttribute('data-theme')
    else root.setAttribute('data-theme', choice)
    for (const listener of listeners) listener()
  }

  system.addEventListener('change', apply)
  apply()
  return {
    choice: () => choice,
    choose: (next) => {
      choice = next
      try {
        storage?.setItem(KEY, next)
      } catch {
        // A full or forbidden storage: the choice then lasts for this visit.
      }
      apply()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function readChoice(storage: Storage | null): ThemeChoice {
  const stored = storage?.getItem(KEY)
  return THEME_CHOICES.find((choice) => choice === stored) ?? 'system'
}
