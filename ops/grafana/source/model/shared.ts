// What several rows of the dashboard Model share.

export const HERE = 'job="renown", instance=~"$instance"'
