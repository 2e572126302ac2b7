import { testAdapters } from './adapters.ts';

testAdapters('fake');
