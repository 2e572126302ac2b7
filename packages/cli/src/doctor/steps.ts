import { auth } from './steps/auth.ts';
import { cluster } from './steps/cluster.ts';
import { credential } from './steps/credential.ts';
import { dns } from './steps/dns.ts';
import { ping } from './steps/ping.ts';
import { reAuth } from './steps/re-auth.ts';
import { resp3 } from './steps/resp3.ts';
import { tcp } from './steps/tcp.ts';
import { tls } from './steps/tls.ts';
import { token } from './steps/token.ts';
import { whoami } from './steps/whoami.ts';
import { writeRead } from './steps/write-read.ts';
import type { Step } from './types.ts';

/** The chain: each link needs those before it. */
export const steps: readonly Step[] = [
  dns,
  tcp,
  tls,
  credential,
  token,
  auth,
  whoami,
  ping,
  writeRead,
  cluster,
  resp3,
  reAuth,
];
