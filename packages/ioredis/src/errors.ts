import { EntraRedisError } from '@entra-redis/token-manager';

export function noToken(timeoutMs: number): EntraRedisError {
  return new EntraRedisError(
    'ERR_TOKEN_REQUEST_TIMEOUT',
    `No token within connectTimeout (${timeoutMs} ms), so no connection was opened. Check that the identity provider ` +
      'can be reached; the next attempt follows as retryStrategy (or clusterRetryStrategy) says.',
  );
}

export function optionProblem(name: string, problem: string): EntraRedisError {
  return new EntraRedisError('ERR_INVALID_OPTION', `${name}: ${problem}`);
}

/** Says what kind of thing the value is, not what it is: a URL may have a password in it. */
export function wrongKind(name: string, expected: string, value: unknown): EntraRedisError {
  const kind =
    value === undefined || value === null ? value : `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`;
  return optionProblem(name, `must be ${expected}, but is ${kind}`);
}

export function unknownCopy(): EntraRedisError {
  return optionProblem(
    'Connector',
    'this instance belongs to a copy of ioredis that could not be found (bundled twice, or loaded before jest.resetModules() or within ' +
      'isolateModules()), so its connections could not be kept authenticated. Call attach(manager, client) right after ' +
      'constructing it, or bundle ioredis once and load it with what uses it.',
  );
}

export function plainText(host: string): EntraRedisError {
  return new EntraRedisError(
    'ERR_PLAIN_TEXT',
    `The token would go to ${host} in plain text. Leave the tls option out or give it an object; in sentinel mode set tls ` +
      'and enableTLSForSentinelMode; or, to allow it, pass { allowPlainText: true }.',
  );
}

export function plainTextSentinel(host: string): EntraRedisError {
  return new EntraRedisError(
    'ERR_PLAIN_TEXT',
    `The sentinel ${host} would be asked in plain text for the server that the token goes to. Leave the sentinelTLS option out or give it ` +
      'an object; or, to allow it, pass { allowPlainText: true }.',
  );
}

export function optionsCopied(): EntraRedisError {
  return optionProblem(
    'options',
    'they were made by withEntra() and then copied in a way that leaves out functions (for example, JSON), so no token could be sent. Copy ' +
      'the plain options, and call withEntra() last: new Redis(withEntra(manager, copy)).',
  );
}

export function startupNodeOnly(): EntraRedisError {
  return new EntraRedisError(
    'ERR_NODE_CREDENTIALS',
    'withEntra() is around a startup node, whose options ioredis uses for that node only: the other nodes would be asked as the ' +
      'default user. Put it around the options of the cluster: new Cluster(nodes, withEntra(manager, { … })).',
  );
}

export function otherCredentials(inCluster: boolean): EntraRedisError {
  return inCluster
    ? new EntraRedisError(
        'ERR_NODE_CREDENTIALS',
        'A startup node carries a user name or a password, which would replace the token. Give nodes as host and port only.',
      )
    : new EntraRedisError(
        'ERR_USERINFO_IN_URL',
        'A user name or a password was given in addition to the token manager (in the URL, or to duplicate()), and would replace ' +
          'the token. Remove it.',
      );
}
