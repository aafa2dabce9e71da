// What a column of the file can be to the page.

export const ROLES = [
  { role: 'text', name: 'Text', hint: 'The post itself', required: true },
  { role: 'date', name: 'Date', hint: 'For the chart over time', required: false },
  { role: 'author', name: 'Author', hint: 'Shown beside the post', required: false },
  { role: 'source', name: 'Source', hint: 'Shown beside the post', required: false },
] as const

export type Role = (typeof ROLES)[number]['role']
export type Chosen = Readonly<Record<Role, string | null>>
