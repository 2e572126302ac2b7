import type { ConnectionLogin, LoginVerdict } from '../policy/auth-policy.ts';
import { allowedBeforeLogin, nameOf, NOAUTH, NOAUTH_HELLO, parseAuth, parseHello } from '../policy/login-attempt.ts';
import { ProtocolError } from '../resp/limits.ts';
import { error, type Reply } from '../resp/reply.ts';
import { RequestParser } from '../resp/request-parser.ts';
import type { CacheFault } from '../types.ts';
import { Batch } from './batch.ts';
import { type Expected, expectLogin, expectReply, type FaultAfterReply } from './expected.ts';
import { refusalOf } from './reader-rules.ts';
import type { ReplyRelay } from './relay.ts';
import {
  ClientReplies,
  type LoginRequest,
  type Request,
  type RequestListener,
  switches,
  withWords,
} from './request.ts';
import { scanRequests } from './scan-requests.ts';
import { substituteLogin, substituteMalformedAuth, substituteRefused } from './substitute.ts';

/** Requests that nobody has answered, beyond which no more are read. */
const mostUnanswered = 100_000;

/** The way out: keeps the order of the client's commands, decides logins, and passes everything else on. */
export class RequestRelay {
  readonly #login: ConnectionLogin;
  readonly #replies: ReplyRelay;
  readonly #listener: RequestListener;
  readonly #parser = new RequestParser({ keepRaw: true });
  readonly #out = new Batch();
  readonly #clientReplies = new ClientReplies();
  /** A command is being verified or delayed. */
  #busy = false;
  /** Nothing more is read: QUIT, a broken protocol, a fault. */
  #stopped = false;
  /** What the last command does must be known before the next one is looked at. */
  #holding = false;
  #postponed: Request | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(login: ConnectionLogin, replies: ReplyRelay, listener: RequestListener) {
    this.#login = login;
    this.#replies = replies;
    this.#listener = listener;
  }

  get #needsLogin(): boolean {
    return !this.#listener.open && this.#login.current === undefined;
  }

  /** Bytes that have arrived and could not be handled yet. */
  get buffered(): number {
    return this.#parser.buffered;
  }

  /** No command waits for something. */
  get idle(): boolean {
    return this.#stopped || (!this.#busy && this.#postponed === undefined && !this.#mustWait());
  }

  receive(chunk: Buffer): void {
    if (this.#stopped) return;
    this.#parser.push(chunk);
    this.run();
  }

  /** Handles what has arrived, as far as the order of things allows. */
  run(): void {
    try {
      while (!this.#stopped && !this.#busy && !this.#mustWait()) {
        this.#forwardRun();
        const request = this.#next();
        if (request === undefined) return;
        this.#handle(request);
      }
    } catch (thrown) {
      if (!(thrown instanceof ProtocolError)) throw thrown;
      this.#end({ reply: error(`ERR ${thrown.message}`), close: thrown.message });
    }
  }

  /** What is to be written to the upstream. */
  take(): Buffer[] {
    return this.#out.take();
  }

  meet(fault: CacheFault['action'], request?: Request): void {
    switch (fault.kind) {
      case 'error':
        this.#answer(error(fault.message));
        break;
      case 'hang':
        this.#stopped = true;
        break;
      case 'delay':
        this.#busy = true;
        this.#timer = setTimeout(() => this.#goOn(request), fault.delayMs).unref();
        break;
      case 'hold': {
        this.#busy = true;
        const goOn = (): void => this.#goOn(request);
        fault.until.then(goOn, goOn);
        break;
      }
      case 'truncate':
        if (request === undefined) this.#end({ close: 'truncated frame' });
        else this.#execute(request, fault);
        break;
      case 'cut':
        if (fault.after === true && request !== undefined) this.#execute(request, { kind: 'cut' });
        else this.#end({ close: 'fault' });
    }
  }

  close(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #goOn(request: Request | undefined): void {
    this.#busy = false;
    if (this.#stopped) return;
    if (request !== undefined) this.#execute(request);
    this.run();
    this.#listener.onProgress();
  }

  #mustWait(): boolean {
    const { order } = this.#replies;
    if (order.size > mostUnanswered) return true;
    if (this.#holding && order.empty) this.#holding = false;
    return this.#holding;
  }

  #next(): Request | undefined {
    const postponed = this.#postponed;
    this.#postponed = undefined;
    if (postponed !== undefined) return postponed;
    this.#parser.authenticated = !this.#needsLogin;
    const request = this.#parser.next();
    return request && withWords(request);
  }

  /** Ordinary commands are passed on without being decoded. */
  #forwardRun(): void {
    const looked = this.#needsLogin || this.#login.readOnly || !this.#clientReplies.on || !this.#listener.isFaultless();
    const bytes = looked || this.#postponed !== undefined ? undefined : this.#parser.release();
    if (bytes === undefined) return;
    const { count, end } = scanRequests(bytes);
    if (count > 0) {
      const run = bytes.subarray(0, end);
      this.#listener.onRun(run, count);
      this.#replies.order.addPlain(count);
      this.#out.add(run);
    }
    this.#parser.push(bytes.subarray(end));
  }

  #handle(request: Request): void {
    const { words, args } = request;
    if (switches(words, args) && !this.#replies.order.empty) {
      this.#postponed = request;
      this.#holding = true;
      return;
    }
    const fault = this.#listener.onRequest(words, args);
    if (fault === undefined) this.#execute(request);
    else this.meet(fault, request);
  }

  #execute(request: Request, fault?: FaultAfterReply): void {
    const { words, args, raw } = request;
    const [name = ''] = words;
    const own = this.#needsLogin ? undefined : this.#listener.answerTo(words, args);
    if (name === 'AUTH') this.#auth(request, fault);
    else if (name === 'HELLO') this.#hello(request, fault);
    else if (this.#needsLogin && !allowedBeforeLogin(name)) this.#answer(error(NOAUTH));
    else if (own !== undefined) this.#answer(own);
    else if (this.#login.readOnly && this.#listener.isForbidden(words)) {
      this.#forward(request, [substituteRefused], refusalOf(name), fault);
    } else {
      this.#forward(request, raw, expectReply(words, args, this.#login.current?.username), fault);
      if (name === 'RESET' || name === 'QUIT') this.#holding = true;
    }
  }

  #auth(request: Request, fault: FaultAfterReply | undefined): void {
    const parsed = parseAuth(request.args);
    if ('attempt' in parsed) this.#logIn({ request, attempt: parsed.attempt, hello: undefined, fault });
    else this.#forward(request, [substituteMalformedAuth(request.args)], undefined, fault);
  }

  #hello(request: Request, fault: FaultAfterReply | undefined): void {
    const hello = parseHello(request.args);
    if ('error' in hello) {
      this.#forward(request, request.raw, undefined, fault);
    } else if (hello.attempt !== undefined) {
      this.#logIn({ request, attempt: hello.attempt, hello, fault });
    } else if (this.#needsLogin) {
      this.#answer(error(NOAUTH_HELLO));
    } else {
      const expected = { kind: 'login', attempt: undefined, login: undefined, ...nameOf(hello) } as const;
      this.#forward(request, request.raw, expected, fault);
      this.#holding = true;
    }
  }

  #logIn(login: LoginRequest): void {
    const verdict = this.#login.verify(login.attempt);
    if (!(verdict instanceof Promise)) return this.#forwardLogin(login, verdict);
    this.#busy = true;
    void verdict.then((late) => {
      this.#busy = false;
      if (this.#stopped) return;
      this.#forwardLogin(login, late);
      this.run();
      this.#listener.onProgress();
    });
  }

  #forwardLogin({ request, attempt, hello, fault }: LoginRequest, verdict: LoginVerdict): void {
    const expected = expectLogin(attempt, verdict, hello);
    const bytes = substituteLogin(attempt, hello, verdict.ok ? this.#listener.upstreamLogin : undefined);
    const answered = this.#forward(request, [bytes], expected, fault);
    // Who wants no replies gets none, and neither do we.
    if (!answered) this.#listener.onLogin(expected, verdict.ok);
    // A re-AUTH changes nothing that the commands behind it depend on: they stay in the same write.
    const samePowers = !verdict.ok || verdict.login.readOnly === this.#login.readOnly;
    this.#holding = hello !== undefined || this.#needsLogin || !samePowers;
  }

  /** Answers whether there will be a reply. */
  #forward(
    request: Request,
    bytes: readonly Buffer[],
    expected: Expected | undefined,
    fault: FaultAfterReply | undefined,
  ): boolean {
    const { order, state } = this.#replies;
    this.#out.addAll(bytes);
    if (!this.#clientReplies.expects(request.words, request.args, state)) return false;
    if (expected === undefined && fault === undefined) order.addPlain();
    else order.add({ is: 'upstream', expected: expected ?? { kind: 'plain' }, ...(fault && { fault }) });
    return true;
  }

  #answer(reply: Reply): void {
    this.#replies.order.add({ is: 'local', reply });
    this.#replies.settle();
  }

  /** Ends the connection when the replies before have been passed on. */
  #end(end: { reply?: Reply; close: string }): void {
    this.#stopped = true;
    this.#replies.order.add({ is: 'local', ...end });
    this.#replies.settle();
  }
}
