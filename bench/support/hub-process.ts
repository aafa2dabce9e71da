// A stand-in for the Hub in a process of its own: prints its address and stays until it is stopped.
import { startHubStandIn } from '@renown/models/testing/hub-stand-in'

const hub = await startHubStandIn({ token: 'hf_standIn' })
console.log(hub.url)
