// Finds a Chromium for the tests of the report's page: the CHROMIUM variable, PATH; where there is none, and this is root on Debian or
// Ubuntu, installs the machine's own package. As vitest's globalSetup it sets CHROMIUM.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { onPath } from '../../../internal/redis-server/src/on-path.ts';

const run = promisify(execFile);
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const advice =
  'install Chromium or Chrome (Debian, Ubuntu: apt-get install chromium) or set CHROMIUM to the path of one';

/** @returns {Promise<string>} the path of a Chromium; rejects with a sentence that says what to install. */
async function findChromium() {
  const named = process.env.CHROMIUM;
  if (named) return named;
  return found() ?? (await install());
}

/** Sets CHROMIUM in this process' environment; where none can be had, the tests that need it say so. @returns {Promise<void>} */
export default async function provideChromium() {
  process.env.CHROMIUM = await findChromium().catch((error) => {
    process.stderr.write(`${error.message}\n`);
    return '';
  });
}

const found = () => names.map(onPath).find(Boolean);

async function install() {
  if (process.getuid?.() !== 0 || !onPath('apt-get')) throw new Error(`No Chromium: ${advice}`);
  process.stderr.write('chromium: none found, installing the package of this machine\n');
  const options = ['-q', '-o', 'DPkg::Lock::Timeout=120', '-o', 'APT::Sandbox::User=root'];
  const apt = (...args) =>
    run('apt-get', [...options, ...args], {
      env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
      maxBuffer: 64 * 1024 * 1024,
    });
  try {
    await apt('update');
    await apt('install', '--yes', '--no-install-recommends', 'chromium');
  } catch (error) {
    throw new Error(`No Chromium, and installing one failed (${String(error.message).split('\n')[0]}): ${advice}`, {
      cause: error,
    });
  }
  return found() ?? Promise.reject(new Error(`No Chromium, although the package was installed: ${advice}`));
}
