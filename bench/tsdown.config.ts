import { program } from '@entra-redis/config/tsdown';

export default program({
  entry: { cli: 'src/cli.ts', resident: 'src/processes/resident.ts', sample: 'src/processes/sample.ts' },
});
