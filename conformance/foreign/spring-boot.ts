// Builds examples/spring-boot with Maven, and runs it on a local Entra and a real Redis until three tokens have been renewed: npm run spring-boot
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { foreignManifests } from '../src/driver/manifest.ts';
import { missingNeed } from '../src/driver/needs.ts';

const folder = fileURLToPath(new URL('../../examples/spring-boot/', import.meta.url));
/** Where renewals end, so would the program never. */
const timeoutMs = 300_000;
const bin = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url));
const build = ['mvn', '--quiet', '--batch-mode', '-Dstyle.color=never', 'package'];
const program = ['java', '-jar', 'target/spring-boot.jar', '--spring.config.additional-location=emulator.properties'];
const emulate = [process.execPath, bin, 'emulate', '--cache', 'real', '--tls', '--lifetime', '10s', '--', ...program];

/** Its exit code. */
function run([command = '', ...args]: readonly string[]): number {
  const { status, error } = spawnSync(command, args, { cwd: folder, stdio: 'inherit', timeout: timeoutMs });
  if (error !== undefined) console.error(`${command}: ${error.message}`);
  return status ?? 1;
}

/** What the machine lacks for it, which is what the driver of Lettuce needs. */
async function lack(): Promise<string | undefined> {
  const lettuce = foreignManifests().find(({ name }) => name === 'lettuce');
  if (lettuce === undefined) throw new Error('There is no driver lettuce.');
  return await missingNeed({ ...lettuce, name: 'example-spring-boot' });
}

const lacking = await lack();
if (lacking === undefined) process.exitCode = run(build) || run(emulate);
else console.log(`left out   ${lacking}`);
