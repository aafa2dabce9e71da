// Switches the colours: as the system, light, dark.
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { useServices } from './context.tsx'
import { THEME_CHOICES, type ThemeChoice } from './theme.ts'

const NAMES: Readonly<Record<ThemeChoice, string>> = { system: 'Auto', light: 'Light', dark: 'Dark' }

export function ThemeButton(): VNode {
  const { theme } = useServices()
  const [choice, setChoice] = useState(theme.choice())
  const next = THEME_CHOICES[(THEME_CHOICES.indexOf(choice) + 1) % THEME_CHOICES.length] ?? 'system'

  function change(): void {
    theme.choose(next)
    setChoice(next)
  }

  return (
    <button
      type="button"
      class="theme"
      onClick={change}
      aria-label={`Colours: ${NAMES[choice]}. Switch to ${NAMES[next]}`}
      title={`Colours: ${NAMES[choice]}`}
    >
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <circle cx="10" cy="10" r="7" class="theme-ring" />
        {choice !== 'light' && <path d="M10 3a7 7 0 0 1 0 14z" class="theme-half" />}
        {choice === 'dark' && <path d="M10 3a7 7 0 0 0 0 14z" class="theme-half" />}
      </svg>
      <span class="theme-name" aria-hidden="true">
        {NAMES[choice]}
      </span>
    </button>
  )
}
