// Fails when an import goes against the direction of the house (docs/decisions/0001-workspace.md): each package's sources may name only
// the workspace packages listed for it, by their published names, and never a file inside one.
import { globSync, readFileSync } from 'node:fs';

const scope = '@entra-redis/';
/** What the sources of each folder may import from the workspace; `type` means by `import type` alone. */
const allowed = {
  'packages/token-manager': [],
  'packages/node-redis': ['token-manager'],
  'packages/ioredis': ['token-manager'],
  'packages/emulator': ['type token-manager'],
  'packages/cli': ['token-manager', 'node-redis', 'ioredis', 'emulator'],
  'internal/redis-server': [],
  // Its build takes the servers into the package.
  conformance: ['token-manager', 'node-redis', 'ioredis', 'emulator', 'redis-server'],
  bench: ['token-manager', 'node-redis', 'ioredis', 'emulator', 'conformance', 'redis-server'],
  'test/docs': ['token-manager', 'node-redis', 'ioredis', 'emulator', 'redis-server'],
  'test/chaos': ['token-manager', 'emulator', 'conformance'],
  ...Object.fromEntries(
    globSync('examples/*')
      .map((folder) => folder.replaceAll('\\', '/'))
      .filter((folder) => !/(demo|\.md)$/.test(folder))
      .map((folder) => [folder, ['token-manager', 'node-redis', 'ioredis']]),
  ),
};
const subpaths = new Set([
  'token-manager/testing',
  'node-redis/v4',
  'emulator/command',
  'emulator/resp',
  'conformance/driver-kit',
  'conformance/adapter-drivers',
]);

const importOf = /(?:^|\n)\s*(import|export)\s+(type\s)?[^'";]*?from\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/g;
const problems = [];

function check(folder, file) {
  for (const [, , type, fromName, dynamic] of readFileSync(file, 'utf8').matchAll(importOf)) {
    const name = fromName ?? dynamic;
    if (name.startsWith('.')) {
      const depth = file.slice(folder.length + 1).split('/').length - 1;
      if ((name.match(/\.\.\//g) ?? []).length > depth) problems.push(`${file}: ${name} leaves its package`);
      continue;
    }
    if (!name.startsWith(scope)) continue;
    const path = name.slice(scope.length);
    const target = path.split('/')[0];
    if (path !== target && !subpaths.has(path)) problems.push(`${file}: ${name} reaches inside a package`);
    const rules = allowed[folder];
    if (!rules.includes(target) && !(type && rules.includes(`type ${target}`))) {
      problems.push(`${file}: ${folder} may not import ${name}`);
    }
  }
}

for (const folder of globSync('packages/*')) {
  if (!(folder.replaceAll('\\', '/') in allowed))
    problems.push(`${folder}: what may it import? Say so in scripts/check-imports.mjs`);
}
for (const folder of Object.keys(allowed)) {
  for (const file of globSync(`${folder}/src/**/*.ts`)) check(folder, file.replaceAll('\\', '/'));
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length ? 1 : 0;
