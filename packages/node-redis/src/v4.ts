export { handOver, handOverOnRefresh, type SubscriberClient } from './hand-over.ts';
export { type Redis4, withEntra, type WithEntraOptions } from './v4/with-entra.ts';
