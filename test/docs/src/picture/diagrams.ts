import { arrow, bar, box, dot, line, picture, text } from './shapes.ts';

/** Files of docs/how-refresh-works, each with what draws it. */
export const diagrams: Readonly<Record<string, () => string>> = {
  'life.svg': drawLife,
  'who.svg': drawWho,
  'hand-over.svg': drawHandOver,
};

function drawLife(): string {
  const description =
    'Two bars on one axis of time. Token 1 is requested at the start and expires at the end of the first bar. At 70 % of its lifetime token 2 is requested, so the bars overlap. Below, two connections: each logs in with token 1, and sends AUTH with token 2 while token 1 is still valid.';
  const connection = (y: number, name: string, loginX: number, authX: number): string =>
    [
      text([8, y + 4], name),
      bar([loginX, y - 3], [authX - loginX, 6], 'a'),
      bar([authX, y - 3], [740 - authX, 6], 'b'),
      dot([loginX, y], 'a'),
      dot([authX, y], 'b'),
    ].join('');
  return picture(
    { title: 'The life of a token', description, width: 760, height: 250 },
    text([130, 24], 'request'),
    line([150, 30], [150, 225]),
    text([400, 24], 'renew, at 70 %'),
    line([430, 30], [430, 225]),
    text([520, 24], 'token 1 expires'),
    line([550, 30], [550, 225]),
    text([8, 64], 'token 1'),
    bar([150, 48], [400, 24], 'a', 'valid'),
    text([8, 104], 'token 2'),
    bar([430, 88], [310, 24], 'b', 'valid'),
    connection(150, 'connection 1', 165, 450),
    connection(185, 'connection 2', 230, 485),
    text([130, 243], 'time →', 'small'),
    text([170, 214], 'login', 'small'),
    text([440, 214], 're-AUTH, in place', 'small'),
  );
}

function drawWho(): string {
  const description =
    'Your code sends commands to the client. The client has many connections to the cache. The adapter sits on each connection: it asks the token manager for credentials, and reports refused tokens to it. The token manager alone requests tokens from Microsoft Entra, through your credential.';
  return picture(
    { title: 'Which part talks to which', description, width: 760, height: 260 },
    box([20, 30], [130, 60], 'your code'),
    box([260, 30], [200, 60], 'ioredis or node-redis', 'with the adapter'),
    box([610, 30], [130, 60], 'cache', 'Redis on Azure'),
    box([260, 180], [200, 60], 'token manager', 'one for each identity'),
    box([610, 180], [130, 60], 'Microsoft Entra', 'or managed identity'),
    arrow([150, 60], [258, 60], 'commands'),
    arrow([460, 48], [608, 48], 'commands', -5),
    arrow([460, 74], [608, 74], 'AUTH, on each connection', 15),
    arrow([330, 178], [330, 92], ''),
    text([322, 140], 'a valid token', 'small end'),
    arrow([400, 92], [400, 178], ''),
    text([408, 140], 'opened, closed, refused', 'small'),
    arrow([460, 210], [608, 210], 'one request', -6),
    text([20, 205], 'events', ''),
    arrow([258, 200], [80, 200], ''),
    text([20, 222], 'logs, metrics, alerts', 'small'),
  );
}

function drawHandOver(): string {
  const description =
    'Two connections on one axis of time. The first subscriber receives messages with token 1. When token 2 arrives, a second connection logs in with it and subscribes to the same channels. For a moment both receive messages. Then the first one unsubscribes and closes, before token 1 expires, and the second one continues.';
  return picture(
    { title: 'The hand-over of a RESP2 subscriber', description, width: 760, height: 190 },
    line([340, 30], [340, 160]),
    line([370, 40], [370, 160]),
    line([460, 40], [460, 160]),
    line([570, 30], [570, 160]),
    text([236, 24], 'token 2 arrives'),
    text([400, 24], 'both'),
    text([530, 24], 'token 1 expires'),
    text([8, 64], 'first connection'),
    bar([150, 48], [310, 24], 'a', 'receives, token 1'),
    text([8, 114], 'second connection'),
    bar([370, 98], [370, 24], 'b', 'receives, token 2'),
    text([374, 154], 'subscribed', 'small'),
    text([464, 154], 'first one closes', 'small'),
    text([150, 180], 'time →', 'small'),
  );
}
