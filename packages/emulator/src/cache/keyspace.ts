import { Database } from './database.ts';
import { serveWaiting } from './waiting.ts';

export const databaseCount = 16;

/** The data of one master, shared with its replicas. */
export class Keyspace {
  readonly databases: readonly Database[];

  constructor(now: () => number = Date.now) {
    this.databases = Array.from({ length: databaseCount }, () => new Database(now));
  }

  database(index: number): Database {
    const found = this.databases[index];
    if (found === undefined) throw new RangeError(`there is no database ${index}`);
    return found;
  }

  /** After every command or transaction: gives what it wrote to the commands that are blocked for it. */
  settle(): void {
    for (const database of this.databases) if (database.ready.size > 0) serveWaiting(database);
  }

  clear(): void {
    for (const database of this.databases) database.clear();
  }
}
