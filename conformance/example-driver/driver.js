// A driver in plain JavaScript that uses no library: a Redis client of one connection, with Entra authentication, behind the suite's
// protocol of JSON lines (../README.md). A client in any other language does the same.
//
//   npm run conformance -- --driver-command 'node conformance/example-driver/driver.js'
import { createInterface } from 'node:readline';
import { ExampleClient } from './client.js';

const cannot = (because) => ({ supported: false, because });
const capabilities = {
  duplicate: cannot('the example has no duplicate()'),
  pipeline: true,
  transaction: cannot('the example leaves MULTI to its user'),
  'manual-transaction': cannot('the example sends AUTH whenever a token comes'),
  blocking: cannot('the example has one connection'),
  'blocked-resent': cannot('the example sends nothing again'),
  subscribe: cannot('the example has no subscriber'),
  'sharded-subscribe': cannot('the example has no subscriber'),
  'resp3-subscriber-reauth': cannot('the example has no subscriber'),
  'resp2-subscriber-lossless': cannot('the example has no subscriber'),
  'waits-for-first-token': true,
  'retries-first-connect': true,
  'retries-first-login': true,
  'offline-queue': true,
  'offline-queue-off': cannot('the example always queues'),
  'queue-limit': cannot('the example has no limit'),
  'outage-keeps-queue': true,
  monitor: cannot('the example has no MONITOR'),
  pool: cannot('the example has one connection'),
  cluster: cannot('the example knows no slots'),
  sentinel: cannot('the example asks no sentinel'),
  bullmq: cannot('BullMQ is built on ioredis'),
  'azure-identity': cannot('the example asks the token URL alone'),
  'maintenance-notifications': cannot('the example does not ask for them'),
  clock: cannot('the example goes by the clock of its machine'),
  'copied-options': cannot('the example has no options of its user'),
  'options-changed': cannot('the example has no options of its user'),
  'server-name': cannot('the example speaks no TLS'),
  'error-codes': cannot('the example knows errors by their text alone'),
  'leak-count': cannot('the example does not collect garbage'),
};

const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const clients = new Map();
let application;

const methods = {
  'describe-driver': () => ({ name: 'example', clientVersion: '1.0.0', capabilities, resp: [2], closeWays: ['close'] }),
  start: (options) => void (application = options),
  open({ session, endpoint }) {
    const onError = (error) => tell({ event: 'error', session, text: error.message });
    clients.set(session, new ExampleClient(endpoint, application.tokenUrl, onError));
  },
  ready: ({ session }) => clients.get(session).ready,
  connected: ({ session }) => clients.get(session).connected,
  command: ({ session, args }) => clients.get(session).command(args),
  pipeline: ({ session, commands }) => Promise.all(commands.map((args) => clients.get(session).command(args))),
  describe: () => '',
  'describe-application': () => '',
  close: ({ session }) => clients.get(session).close(),
  'close-application': () => null,
};

async function answer({ id, method, params }) {
  try {
    tell({ id, result: (await methods[method](params)) ?? null });
  } catch (error) {
    tell({ id, error: { message: error.message } });
  }
}

createInterface({ input: process.stdin }).on('line', (line) => void answer(JSON.parse(line)));
