// Finding the names of other users in posts.

// After twitter-text's validMentionPrecedingChars and endMentionMatch: no letter, digit or sign of an address before the @.
const NOT_BEFORE = '(?<![A-Za-z0-9_!#$%&*/@＠+-])'
const NOT_AFTER = '(?![A-Za-z0-9_@＠\\u00c0-\\u024f]|:\\/\\/)'
const HOST = '(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}\\.){1,6}[A-Za-z]{2,24}'
const HANDLES = [
  // Mastodon: @name@host
  `[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@${HOST}`,
  // Bluesky: a domain name as a handle
  '[A-Za-z0-9][A-Za-z0-9-]{0,62}(?:\\.[A-Za-z0-9][A-Za-z0-9-]{0,62}){0,4}\\.(?:bsky\\.social|bsky\\.team|brid\\.gy)',
  // Twitter: 1 to 15 letters, digits and underscores
  '[A-Za-z0-9_]{1,15}',
]
const MENTION = new RegExp(`${NOT_BEFORE}[@＠](?:${HANDLES.join('|')})${NOT_AFTER}`, 'g')

/** Every mention becomes `@user`; e-mail addresses and names that are too long stay. Linear in the text's length. */
export function replaceMentions(text: string): string {
  return text.includes('@') || text.includes('＠') ? text.replace(MENTION, '@user') : text
}
