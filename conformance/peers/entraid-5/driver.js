// @redis/entraid on redis 5.
import { EntraIdCredentialsProviderFactory, REDIS_SCOPE_DEFAULT } from '@redis/entraid';
import entraid from '@redis/entraid/package.json' with { type: 'json' };
import * as redis from 'redis';
import { serveEntraid } from '../entraid.js';

serveEntraid({ redis, EntraIdCredentialsProviderFactory, REDIS_SCOPE_DEFAULT, version: entraid.version });
