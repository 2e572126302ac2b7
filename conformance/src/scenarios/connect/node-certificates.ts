import assert from 'node:assert/strict';
import type { AddressInfo, Socket } from 'node:net';
import { connect as connectTls, createServer } from 'node:tls';
import { type CacheServer, createCertificateAuthority, startCache, type TlsIdentity } from '@entra-redis/emulator';
import { CloseStack } from '../../targets/close-stack.ts';
import type { Context, Scenario } from '../scenario.ts';
import { logins } from '../wire.ts';
import { touchEveryNode } from '../steps.ts';

const address = '127.0.0.1';

/** The seed, by its name: what it is sent goes to the first node. */
async function startSeed(
  { ca, ...identity }: TlsIdentity,
  port: number,
): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer(identity, (socket) => {
    const node = connectTls({ host: address, port, ca, checkServerIdentity: () => undefined });
    for (const [one, other] of [
      [socket, node],
      [node, socket],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined).on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => void server.listen(0, address, resolve));
  const close = async (): Promise<void> => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port: (server.address() as AddressInfo).port, close };
}

interface Outcome {
  readonly cache: CacheServer;
  /** Every command was answered; otherwise what went wrong. */
  readonly told: string;
}

/** A client of a cluster whose seed is `localhost`, and whose nodes announce an address and show a certificate for `name`. */
async function connectTo(context: Context, stack: CloseStack, name: string): Promise<Outcome> {
  const authority = await createCertificateAuthority();
  const [ofSeed, tls] = [await authority.issue(['localhost']), await authority.issue([name])];
  const { verifier } = context.target.entra;
  const cache = stack.use(await startCache({ verifier, tls, cluster: { masters: 2, announceHost: address } }));
  const { port } = stack.use(await startSeed(ofSeed, cache.port));
  // A server name of the user's would be that of all nodes.
  const endpoint = { port, ca: authority.ca, servername: name === 'localhost' ? name : undefined };
  const session = await context.open({ endpoint });
  let told: string | undefined;
  session
    .ready()
    .then(() => touchEveryNode(session))
    .then(
      () => (told = ''),
      (error: unknown) => (told = String(error)),
    );
  await context.eventually('', () => told !== undefined || session.errors.length > 0).catch(() => undefined);
  // A cluster of redis 4 that is connecting does not end.
  const ended = session.close().catch(() => undefined);
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 1000))]);
  return { cache, told: told ?? session.errors.at(-1) ?? 'it waits' };
}

/** Of the node that the seed does not stand for. */
const loginsOfSecond = ({ timeline }: CacheServer): number =>
  logins(timeline).filter(({ node }) => node === 'node-2').length;

export const nodeCertificates: Scenario = {
  id: 'connect/node-certificates',
  title:
    "a cluster's nodes have certificates for their own address, or for the name of the seed: both are accepted, and no other",
  why: 'https://github.com/OpenCTI-Platform/opencti/issues/17694, https://github.com/redis/ioredis/issues/1114',
  requires: ['cluster'],
  topologies: ['cluster'],
  simulated: true,
  lifetimeMs: 60_000,
  async run(context) {
    const stack = new CloseStack();
    try {
      for (const name of [address, 'localhost']) {
        const { told } = await connectTo(context, stack, name);
        assert.equal(told, '', `nodes with certificates for ${name}: not every command was answered`);
      }
      const { cache, told } = await connectTo(context, stack, 'other.example');
      assert.notEqual(told, '', 'commands were carried out by nodes with certificates for another name');
      assert.equal(loginsOfSecond(cache), 0, 'a token went to a node that could not be verified');
    } finally {
      await stack.close();
    }
  },
};
