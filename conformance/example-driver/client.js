// A Redis client as small as one can be: one connection, RESP2. It logs in again at 70 % of a token's life.
import { connect } from 'node:net';

const request = (args) =>
  `*${args.length}\r\n${args.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`).join('')}`;

/** Takes one reply off the front of `text`: its value and the rest; undefined while it is incomplete. */
function parse(text) {
  const end = text.indexOf('\r\n');
  if (end < 0) return undefined;
  const [kind, line, rest] = [text[0], text.slice(1, end), text.slice(end + 2)];
  if (kind === '+') return { value: line, rest };
  if (kind === ':') return { value: Number(line), rest };
  if (kind === '-') return { value: new Error(line), rest };
  const length = Number(line);
  if (length < 0) return { value: null, rest };
  if (kind === '*') return parseArray(length, rest);
  // The socket is read as bytes, as lengths count those.
  const value = Buffer.from(rest.slice(0, length), 'latin1').toString('utf8');
  return rest.length < length + 2 ? undefined : { value, rest: rest.slice(length + 2) };
}

function parseArray(length, text) {
  const value = [];
  for (let rest = text; ; ) {
    if (value.length === length) return { value, rest };
    const item = parse(rest);
    if (item === undefined) return undefined;
    value.push(item.value);
    ({ rest } = item);
  }
}

export class ExampleClient {
  connected = false;
  #endpoint;
  #tokenUrl;
  #onError;
  #socket;
  #timer;
  #closed = false;
  #received = '';
  /** Commands that wait for the login, and those that wait for their reply. */
  #queue = [];
  #sent = [];
  #markReady;
  ready = new Promise((resolve) => (this.#markReady = resolve));

  constructor(endpoint, tokenUrl, onError) {
    this.#endpoint = endpoint;
    this.#tokenUrl = tokenUrl;
    this.#onError = onError;
    void this.#connect();
  }

  command(args) {
    return new Promise((resolve, reject) => {
      this.#queue.push({ args, resolve, reject });
      this.#flush();
    });
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.destroy();
  }

  async #connect() {
    let tried = false;
    try {
      const token = await this.#token();
      if (this.#closed) return;
      const socket = connect(this.#endpoint.port, this.#endpoint.host).setEncoding('latin1');
      this.#socket = socket;
      tried = true;
      socket.on('data', (text) => socket === this.#socket && this.#receive(text));
      socket.on('error', this.#onError);
      socket.on('close', () => socket === this.#socket && this.#lost());
      await this.#login(token);
      this.connected = true;
      this.#markReady();
      this.#flush();
    } catch (error) {
      this.#onError(error);
      // A socket that is gone has started the next attempt already.
      if (this.#socket !== undefined) this.#socket.destroy();
      else if (!tried) this.#again();
    }
  }

  async #token() {
    const response = await fetch(this.#tokenUrl, { headers: { metadata: 'true', connection: 'close' } });
    if (!response.ok) throw new Error(`the identity provider answered ${response.status}`);
    const { access_token: value } = await response.json();
    return { value, ...JSON.parse(Buffer.from(value.split('.')[1], 'base64url')) };
  }

  async #login({ value, oid, exp }) {
    await this.#send(['AUTH', oid, value]);
    const leftMs = exp * 1000 - Date.now();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#refresh(), leftMs * 0.7);
  }

  async #refresh() {
    try {
      await this.#login(await this.#token());
    } catch (error) {
      this.#onError(error);
      if (!this.#closed) this.#timer = setTimeout(() => void this.#refresh(), 200);
    }
  }

  #lost() {
    this.connected = false;
    this.#socket = undefined;
    this.#received = '';
    clearTimeout(this.#timer);
    for (const { reject } of this.#sent.splice(0)) reject(new Error('the connection was lost'));
    if (!this.#closed) this.#again();
  }

  #again() {
    this.#timer = setTimeout(() => void this.#connect(), 100);
  }

  #send(args) {
    return new Promise((resolve, reject) => {
      // Throws where there is no socket: then no reply will come.
      this.#socket.write(request(args));
      this.#sent.push({ resolve, reject });
    });
  }

  #flush() {
    if (!this.connected) return;
    for (const { args, resolve, reject } of this.#queue.splice(0)) void this.#send(args).then(resolve, reject);
  }

  #receive(text) {
    this.#received += text;
    for (let reply = parse(this.#received); reply !== undefined; reply = parse(this.#received)) {
      this.#received = reply.rest;
      const { resolve, reject } = this.#sent.shift();
      if (reply.value instanceof Error) reject(reply.value);
      else resolve(reply.value);
    }
  }
}
