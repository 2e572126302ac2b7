import { tests } from '@entra-redis/config/vitest';

/** They take minutes: `npm run races`. */
const long = ['test/races.test.ts', 'test/memory.test.ts'];

export default tests(process.env['CHAOS_LONG'] === '1' ? { include: long } : { exclude: long });
