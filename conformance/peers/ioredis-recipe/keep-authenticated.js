// What the Azure SDK's sample shows for ioredis: a timer that calls AUTH.

export const objectIdOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString()).oid;

async function reauthenticate(client, provider) {
  try {
    const token = await provider.requestToken({ force: false });
    await client.auth(objectIdOf(token.value), token.value);
    keepAuthenticated(client, provider, (token.expiresAt - token.obtainedAt) * 0.75);
  } catch (error) {
    client.emit('error', error);
    keepAuthenticated(client, provider, 1000);
  }
}

/** Again at three quarters of the token's life; after a failure in a second. */
export function keepAuthenticated(client, provider, delayMs) {
  const timer = setTimeout(() => void reauthenticate(client, provider), delayMs);
  client.once('end', () => clearTimeout(timer));
}
