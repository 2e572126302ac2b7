import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes ten seconds or more, the longest first; `npm run test:soak` prints the slowest files. */
const longest = [
  'conformance/test/drivers/sabotage.test.ts',
  'conformance/test/drivers/adapters-on-redis.test.ts',
  'conformance/test/drivers/adapters-on-fake.test.ts',
  'bench/test/bench.test.ts',
  'test/docs/test/snippets.test.ts',
  'conformance/test/targets/azure.test.ts',
  'packages/cli/test/emulate/processes.test.ts',
  'test/examples/test/examples.test.ts',
  'packages/cli/test/emulate/emulate.test.ts',
  'packages/ioredis/test/life.test.ts',
  'packages/node-redis/test/life.test.ts',
  'packages/cli/test/cli.test.ts',
  'examples/demo/test/main.test.ts',
  'conformance/test/drivers/contract.test.ts',
  'test/docs/test/testing-page.test.ts',
  'packages/cli/test/cli-credentials.test.ts',
  'conformance/test/drivers/closing.test.ts',
  'conformance/test/targets/targets.test.ts',
  'conformance/test/targets/late-cluster.test.ts',
].map((file) => fileURLToPath(new URL(`../../../${file}`, import.meta.url)));

const gone = longest.filter((file) => !existsSync(file));
if (gone.length > 0)
  throw new Error(`internal/config/src/longest-first.ts names files that are not there: ${gone.join(', ')}`);

/** Starts the longest files of each group first, in whatever project they are: one that starts last would run alone at the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = longest.indexOf(moduleId);
      return place === -1 ? longest.length : place;
    };
    // Sorting keeps the order of what has the same rank, so that other files stay as vitest has them.
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
