// Made-up posts that the model is asked again and again: short, of every sentiment, some of them long or odd.

export const CANARY_POSTS: readonly string[] = [
  'What a lovely day, thank you all!',
  'The meeting starts at ten.',
  'Worst service ever, I want my money back.',
  'ok',
  'Not bad at all, better than last time 😊',
  '@tallpines my order is three weeks late and nobody answers',
  'Opening hours have changed: nine to five, closed on Mondays. https://example.org/hours',
  'I loved the first one, but the second broke after two days and the third never came, so I am done with them.',
]
