export { handOver, handOverOnRefresh, type SubscriberClient } from './subscribers/hand-over.ts';
export { type Redis4, withEntra, type WithEntraOptions } from './v4/with-entra.ts';
