/**
 * The matrix of a workflow, from the addresses that `npm run conformance -- --list` prints: each driver on each target that a machine of
 * the workflow has.
 */
export function matrixOf(addresses: readonly string[]): { include: { driver: string; target: string }[] } {
  const pairs = new Map<string, { driver: string; target: string }>();
  for (const address of addresses) {
    const [, driver, target] = /\/driver:([^/]+)\/target:([^/]+)\/resp:[23]$/.exec(address) ?? [];
    if (driver === undefined || target === undefined) {
      throw new Error(`"${address}" is no address of a case: correct matrixOf in scripts/ci/matrix.ts.`);
    }
    if (target === 'azure') continue;
    pairs.set(`${driver} ${target}`, { driver, target });
  }
  // GitHub takes 256 jobs of a matrix.
  if (pairs.size === 0 || pairs.size > 256) throw new Error(`A matrix has 1 to 256 jobs, not ${pairs.size}.`);
  return { include: [...pairs.values()] };
}
