import { subscribe } from 'node:diagnostics_channel';
import { metrics } from '@opentelemetry/api';
import { channels, type TokenEvent } from '@entra-redis/token-manager';

const meter = metrics.getMeter('entra-redis');
const requests = meter.createHistogram('entra_redis.token.request.duration', { unit: 's' });
const failures = meter.createCounter('entra_redis.token.failures', { description: 'requests without a token' });
const refused = meter.createCounter('entra_redis.refused', { description: 'tokens that the cache refused' });
const changes = meter.createCounter('entra_redis.identity.changes', { description: 'the credential changed identity' });
const auths = meter.createHistogram('entra_redis.reauth.duration', { unit: 's' });
const lost = meter.createCounter('entra_redis.reauth.failures', { description: 'AUTHs lost or refused' });

const on = <T extends TokenEvent['type']>(type: T, record: (event: Extract<TokenEvent, { type: T }>) => void): void =>
  subscribe(channels[type], (event) => record(event as Extract<TokenEvent, { type: T }>));

on('token', ({ durationMs }) => requests.record(durationMs / 1000));
on('retry', ({ error }) => failures.add(1, { code: error.code, permanent: false }));
on('failed', ({ error, permanent }) => failures.add(1, { code: error.code, permanent }));
on('refused', () => refused.add(1));
on('identity-changed', () => changes.add(1));
on('reauthenticated', ({ connection, durationMs }) => auths.record(durationMs / 1000, { client: connection.client }));
on('reauthentication-failed', ({ connection, error }) => lost.add(1, { client: connection.client, code: error.code }));
