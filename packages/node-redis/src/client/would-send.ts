import type { CredentialsListener } from './client-internals.ts';

/** A client does not look at the credentials when it is a RESP2 subscriber, where it sends no AUTH. */
export function wouldSend(listener: CredentialsListener): boolean {
  let read = false;
  const stop = (): never => {
    read = true;
    throw new Error('Only asked whether AUTH would be sent');
  };
  listener.onNext({
    get username(): string {
      return stop();
    },
    get password(): string {
      return stop();
    },
  });
  return read;
}
