import type { Scenario } from '../types.ts';
import { authFirst } from './connect/auth-first.ts';
import { diesDuringToken } from './connect/dies-during-token.ts';
import { disconnectWhileWaiting } from './connect/disconnect-while-waiting.ts';
import { expiredNeverSent } from './connect/expired-never-sent.ts';
import { firstTokenFails } from './connect/first-token-fails.ts';
import { freshOnReconnect } from './connect/fresh-on-reconnect.ts';
import { idpDownTokenExpired } from './connect/idp-down-token-expired.ts';
import { idpDownTokenValid } from './connect/idp-down-token-valid.ts';
import { noUserinfo } from './connect/no-userinfo.ts';
import { offlineQueue } from './connect/offline-queue.ts';
import { refused } from './connect/refused.ts';
import { tlsRequired } from './connect/tls-required.ts';
import { waitsForFirstToken } from './connect/waits-for-first-token.ts';
import { afterReconnects } from './reauth/after-reconnects.ts';
import { blocked } from './reauth/blocked.ts';
import { closeFrees } from './reauth/close-frees.ts';
import { closeUnsubscribes } from './reauth/close-unsubscribes.ts';
import { duplicates } from './reauth/duplicates.ts';
import { manualMulti } from './reauth/manual-multi.ts';
import { multi } from './reauth/multi.ts';
import { noLeak } from './reauth/no-leak.ts';
import { offlineRefreshes } from './reauth/offline-refreshes.ts';
import { oneAuth } from './reauth/one-auth.ts';
import { pipeline } from './reauth/pipeline.ts';
import { subscriberResp2 } from './reauth/subscriber-resp2.ts';
import { subscriberResp3 } from './reauth/subscriber-resp3.ts';
import { twoClients } from './reauth/two-clients.ts';
import { lifeRotations } from './life/rotations.ts';

/** The catalogue, in the order of reports. */
export const scenarios: readonly Scenario[] = [
  authFirst,
  diesDuringToken,
  disconnectWhileWaiting,
  expiredNeverSent,
  firstTokenFails,
  freshOnReconnect,
  idpDownTokenExpired,
  idpDownTokenValid,
  noUserinfo,
  offlineQueue,
  refused,
  tlsRequired,
  waitsForFirstToken,
  afterReconnects,
  blocked,
  closeFrees,
  closeUnsubscribes,
  duplicates,
  manualMulti,
  multi,
  noLeak,
  offlineRefreshes,
  oneAuth,
  pipeline,
  subscriberResp2,
  subscriberResp3,
  twoClients,
  lifeRotations,
];
