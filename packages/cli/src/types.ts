import type { Socket } from 'node:net';
import type { Token } from '@entra-redis/token-manager';
import type { Claims } from './claims.ts';
import type { Network } from './io/network.ts';
import type { RespSession } from './io/resp-session.ts';
import type { Target } from './target.ts';

export type StepId =
  | 'dns'
  | 'tcp'
  | 'tls'
  | 'credential'
  | 'token'
  | 'auth'
  | 'whoami'
  | 'ping'
  | 'write-read'
  | 'cluster'
  | 'resp3'
  | 're-auth';

/** What to do: a sentence, and a command to paste where one is known. */
export interface Remedy {
  readonly text: string;
  readonly command?: string;
}

export type Details = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** What a step found. `found` is one sentence, `lines` say more, `details` say the same to machines. */
export interface Finding {
  readonly status: 'ok' | 'warning' | 'failed';
  readonly found: string;
  readonly lines?: readonly string[];
  /** Stable, for machines: `tcp-timeout`. Not with `ok`. */
  readonly problem?: string;
  readonly remedies?: readonly Remedy[];
  readonly details?: Details;
}

export interface Step {
  readonly id: StepId;
  readonly title: string;
  /** Of the process, when this step fails. */
  readonly exitCode: number;
  run(visit: Visit): Promise<Finding>;
}

export interface DoctorOptions {
  /** Of each lookup, attempt to connect and command, ms. */
  readonly timeoutMs: number;
  /** Of the whole request for a token, ms: a chain of credentials tries one after the other. */
  readonly credentialTimeoutMs: number;
  /** What AUTH sends instead of the token's object id. */
  readonly username?: string | undefined;
  readonly credential: CredentialKind;
  readonly scope: string;
  /** URL of Microsoft Entra; undefined where a proxy is between. */
  readonly authority?: string | undefined;
  /** PEM of a certificate authority to trust besides the system's. */
  readonly ca?: string | undefined;
  readonly write: boolean;
  readonly keyPrefix: string;
}

export interface TokenAnswer {
  readonly token: Token;
  /** Which credential answered: `DefaultAzureCredential: EnvironmentCredential (client secret)`. */
  readonly source: string;
}

/** Everything outside this process. */
export interface DoctorIo {
  readonly network: Network;
  requestToken(signal: AbortSignal): Promise<TokenAnswer>;
  /** Epoch ms. */
  now(): number;
  /** Letters and digits that nobody else uses. */
  random(): string;
}

/** One examination: what the steps so far have found out is there for the next. */
export interface Visit {
  readonly target: Target;
  readonly options: DoctorOptions;
  readonly io: DoctorIo;
  addresses?: readonly string[];
  /** The name is an alias of a private endpoint's. */
  privateLink?: boolean;
  address?: string;
  socket?: Socket;
  encrypted?: boolean;
  session?: RespSession;
  answer?: TokenAnswer;
  claims?: Claims;
  username?: string;
}

/** What an earlier step must have left. */
export function needed<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`This is a mistake in entra-redis: no ${what}.`);
  return value;
}

/** Who may be asked for the token: each a class of `@azure/identity`. */
export const credentialKinds = [
  'default',
  'environment',
  'workload-identity',
  'managed-identity',
  'azure-cli',
  'azure-powershell',
  'azure-developer-cli',
] as const;
export type CredentialKind = (typeof credentialKinds)[number];
