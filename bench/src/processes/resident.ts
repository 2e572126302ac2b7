// Does what its parent asks for, as long as it is asked: `resident.js <name> <options as JSON>`.
import { type ResidentName, residents } from '../residents/index.ts';

const [, , name = '', options = '{}'] = process.argv;
if (!Object.hasOwn(residents, name)) throw new Error(`no resident ${name}`);
const start = (await residents[name as ResidentName]()) as (given: unknown) => Promise<() => Promise<unknown>>;
const run = await start(JSON.parse(options));
process.send?.({ ready: true });
process.on('message', () => {
  run().then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
