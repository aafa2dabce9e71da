// The page on the gate has every key of a policy with its default and its meaning, and every rule.
import { expect, test } from 'vitest'
import { RULE_NAMES } from '../packages/models/src/gate/gate-sentence.ts'
import { POLICY_KEYS, POLICY_NUMBERS, type PolicyNumber } from '../packages/models/src/gate/policy-table.ts'
import { read } from './support/workspace.ts'

const page = read('docs/gate.md')
const section = (title: string): string => page.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? ''

const rows = [...section('The policy').matchAll(/^\| `(\w+)` \| (.+?) \| (.+?) \|$/gm)].map(
  ([, key = '', standard = '', meaning = '']) => ({ key, standard, meaning }),
)

test('the page lists the keys of a policy, in their order', () => {
  expect(rows.map(({ key }) => key)).toEqual(POLICY_KEYS)
})

test('it has their defaults and their meaning', () => {
  for (const { key, standard, meaning } of rows.filter((row) => row.key !== 'split')) {
    const entry = POLICY_NUMBERS[key as PolicyNumber]
    if (entry.default !== null) expect({ key, standard }).toEqual({ key, standard: String(entry.default) })
    expect({ key, meaning }).toEqual({ key, meaning: entry.help })
  }
})

test('it explains every rule', () => {
  const explained = [...section('How it is judged').matchAll(/^\| (`.+?`) \|/gm)].flatMap(([, names = '']) =>
    [...names.matchAll(/`([\w-]+)`/g)].map(([, name]) => name),
  )
  expect(explained.sort()).toEqual(Object.keys(RULE_NAMES).sort())
})
