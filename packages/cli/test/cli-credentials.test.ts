import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulator, failure, run, startEmulator } from './support/cli.ts';

let secure: Emulator;
beforeAll(async () => {
  secure = await startEmulator('--tls');
});
afterAll(() => secure[Symbol.asyncDispose]());

describe('which credential answers', () => {
  const line = (text: string): string => /Credential +(.*)/.exec(text)?.[1] ?? text;

  test('what the emulator prints is enough', async () => {
    const { code, stdout } = await run(['doctor'], secure.exported);
    expect(code).toBe(0);
    expect(line(stdout)).toBe('DefaultAzureCredential: ManagedIdentityCredential (IMDS) answered.');
  });

  test('a managed identity, in the chain', async () => {
    const { AZURE_CLIENT_SECRET: _secret, ...rest } = secure.variables;
    expect(line((await run(['doctor'], rest)).stdout)).toBe(
      'DefaultAzureCredential: ManagedIdentityCredential (IMDS) answered.',
    );
  });

  test('a user-assigned managed identity, by its client id', async () => {
    const { AZURE_CLIENT_ID: id = '', ...rest } = secure.variables;
    const { stdout } = await run(['doctor', '--credential', 'managed-identity', '--client-id', id], rest);
    expect(line(stdout)).toBe('ManagedIdentityCredential (IMDS) answered.');
  });

  test('a client secret alone', async () => {
    const { stdout } = await run(['doctor', '--credential', 'environment'], secure.variables);
    expect(line(stdout)).toBe('EnvironmentCredential (client secret) answered.');
  });
});

describe('no credential answers', () => {
  test.each([
    ['the secret is wrong', { AZURE_CLIENT_SECRET: 'wrong' }, []],
    ['the application is unknown', { AZURE_CLIENT_ID: 'nobody' }, []],
    ['the tenant is unknown', { AZURE_TENANT_ID: 'nowhere' }, []],
    ['Entra is not there', { AZURE_AUTHORITY_HOST: 'https://localhost:1' }, []],
    ['there is no such managed identity', {}, ['--credential', 'managed-identity', '--client-id', 'other']],
    [
      'there is no managed identity',
      { AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://127.0.0.1:1' },
      ['--credential', 'managed-identity'],
    ],
    ['nobody is signed in', {}, ['--credential', 'azure-cli']],
    ['there is no workload identity', {}, ['--credential', 'workload-identity']],
  ])('%s', async (_name, env, args) => {
    const { code, stdout } = await run(['doctor', ...args], { ...secure.variables, ...env });
    expect(code).toBe(13);
    expect(failure(stdout)).toMatchSnapshot();
  });

  test('the whole chain has nobody', async () => {
    const { REDIS_HOST: host = '', REDIS_PORT: port = '', NODE_EXTRA_CA_CERTS: ca = '' } = secure.variables;
    const { code, stdout } = await run(['doctor', `${host}:${port}`], { NODE_EXTRA_CA_CERTS: ca });
    expect(code).toBe(13);
    expect(failure(stdout)).toMatchInlineSnapshot(`
      "✗ Credential      No credential of the chain has an identity to log in with.
                        EnvironmentCredential is unavailable. No underlying credential could be used.
                        ManagedIdentityCredential: Network unreachable. Message: network_error
                        Visual Studio Code Authentication is not available. Ensure you have have Azure Resources
                        Extension installed in VS Code, signed into Azure via VS Code, installed the
                        @azure/identity-vscode package, and properly configured the extension.
                        Azure CLI could not be found.
                        Unable to execute PowerShell. Ensure that it is installed in your system.
                        Azure Developer CLI couldn't be found.
                        1. On your own machine, sign in with an account that may use the cache:
                           az login
                        2. On Azure (App Service, Functions, Container Apps, virtual machine): enable the managed
                           identity of the resource, under Settings > Identity. For a user-assigned one, name it:
                           npx entra-redis doctor localhost:<port> --client-id CLIENT_ID
                        3. In Kubernetes, workload identity: AZURE_FEDERATED_TOKEN_FILE, AZURE_CLIENT_ID and
                           AZURE_TENANT_ID come from its webhook, when the pod has the label
                           azure.workload.identity/use: "true" and its service account the annotation
                           azure.workload.identity/client-id.
                        4. Elsewhere, a service principal: set AZURE_TENANT_ID, AZURE_CLIENT_ID and
                           AZURE_CLIENT_SECRET (or AZURE_CLIENT_CERTIFICATE_PATH)."
    `);
  });
});
