// What several rows of the dashboard Service share.

export const ASKED = 'job="renown", instance=~"$instance", handler=~"$handler", handler!~"/health/.*|/metrics"'

export const HERE = 'job="renown", instance=~"$instance"'

export const NO_REQUESTS = 'No requests in this time.'

export const QUIET_RED = [
  [null, 'green'],
  [0.001, 'orange'],
  [0.0144, 'red'],
] as const
