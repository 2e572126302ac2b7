import { testAdapters } from './adapters.ts';

testAdapters('redis-standalone');
