// What applications do without entra-redis: the token of the start as the password. Only here to see that it is noticed.
import { createServer } from 'node:http';
import { DefaultAzureCredential } from '@azure/identity';
import { Redis } from 'ioredis';

const { AZURE_REDIS_ENDPOINT = '', HOST, PORT } = process.env;
const [host, port] = AZURE_REDIS_ENDPOINT.split(':');
const { token: password } = await new DefaultAzureCredential().getToken('https://redis.azure.com/.default');
const { oid: username } = JSON.parse(Buffer.from(password.split('.')[1] ?? '', 'base64url').toString()) as {
  oid: string;
};
// Commands fail when their connection is cut. Otherwise ioredis keeps those that it had sent until a login succeeds, which none does.
const redis = new Redis({ host, port: Number(port), username, password, maxRetriesPerRequest: 0 });
redis.on('error', (error) => console.error(error.message));

const server = createServer((request, response) => {
  redis.incr(`visits:${request.url}`).then(
    (visits) => response.end(JSON.stringify({ visits })),
    () => response.writeHead(503).end(),
  );
});
server.listen(Number(PORT), HOST, () => console.log('Listening on', server.address()));
