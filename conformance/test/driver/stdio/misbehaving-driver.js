// A driver that does what no driver may, as its first argument says; the second lists its capabilities. Otherwise it answers each
// request with null.
import { createInterface } from 'node:readline';

const [, , misbehavior, capabilities] = process.argv;
const description = {
  name: `driver-that-${misbehavior}`,
  clientVersion: '1.0.0',
  resp: [3],
  closeWays: ['close'],
  capabilities: Object.fromEntries(capabilities.split(',').map((capability) => [capability, true])),
  ...(misbehavior === 'speaks-another-protocol' && { protocol: 2 }),
};

const answer = (id, result = null) => process.stdout.write(`${JSON.stringify({ id, result })}\n`);
const misbehave = {
  // Nor does it end with its stdin.
  hangs: () => setInterval(() => undefined, 1000),
  dies: () => {
    console.error('Traceback: something broke');
    process.exit(1);
  },
  floods: () => {
    const print = () => process.stdout.write(`${'no message '.repeat(1000)}\n`, () => setImmediate(print));
    print();
  },
  'never-ends-a-line': () => {
    const print = () => process.stdout.write('x'.repeat(2 ** 20), () => setImmediate(print));
    print();
  },
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line);
  if (method === 'describe-driver') answer(id, description);
  else if (method === 'command' && misbehavior in misbehave) misbehave[misbehavior]();
  else answer(id);
});
