import { auth } from './auth.ts';
import { cluster } from './cluster.ts';
import { credential } from './credential.ts';
import { dns } from './dns.ts';
import { ping } from './ping.ts';
import { reAuth } from './re-auth.ts';
import { resp3 } from './resp3.ts';
import { tcp } from './tcp.ts';
import { tls } from './tls.ts';
import { token } from './token.ts';
import { whoami } from './whoami.ts';
import { writeRead } from './write-read.ts';
import type { Step } from '../types.ts';

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
