import type { Scenario } from './scenario.ts';
import { accessKeysDisabled } from './connect/access-keys-disabled.ts';
import { authFirst } from './connect/auth-first.ts';
import { diesDuringToken } from './connect/dies-during-token.ts';
import { disconnectWhileWaiting } from './connect/disconnect-while-waiting.ts';
import { expiredNeverSent } from './connect/expired-never-sent.ts';
import { firstTokenFails } from './connect/first-token-fails.ts';
import { freshOnReconnect } from './connect/fresh-on-reconnect.ts';
import { idpDownTokenExpired } from './connect/idp-down-token-expired.ts';
import { idpDownTokenValid } from './connect/idp-down-token-valid.ts';
import { nodeCertificates } from './connect/node-certificates.ts';
import { noUserinfo } from './connect/no-userinfo.ts';
import { offlineQueue } from './connect/offline-queue.ts';
import { optionsChanged } from './connect/options-changed.ts';
import { optionsCopied } from './connect/options-copied.ts';
import { refused } from './connect/refused.ts';
import { refusedTold } from './connect/refused-told.ts';
import { sentinelTls } from './connect/sentinel-tls.ts';
import { statedExpiryLater } from './connect/stated-expiry-later.ts';
import { tlsRequired } from './connect/tls-required.ts';
import { waitsForFirstToken } from './connect/waits-for-first-token.ts';
import { afterReconnects } from './reauth/after-reconnects.ts';
import { blocked } from './reauth/blocked.ts';
import { blockedPastExpiry } from './reauth/blocked-past-expiry.ts';
import { closeFrees } from './reauth/close-frees.ts';
import { closeUnsubscribes } from './reauth/close-unsubscribes.ts';
import { defaultProtocol } from './reauth/default-protocol.ts';
import { duplicates } from './reauth/duplicates.ts';
import { lost } from './reauth/lost.ts';
import { manualMulti } from './reauth/manual-multi.ts';
import { monitor } from './reauth/monitor.ts';
import { multi } from './reauth/multi.ts';
import { noLeak } from './reauth/no-leak.ts';
import { offlineQueueOff } from './reauth/offline-queue-off.ts';
import { offlineRefreshes } from './reauth/offline-refreshes.ts';
import { oneAuth } from './reauth/one-auth.ts';
import { pipeline } from './reauth/pipeline.ts';
import { queueFull } from './reauth/queue-full.ts';
import { refusedReauth } from './reauth/refused.ts';
import { spread } from './reauth/spread.ts';
import { subscriberLeaves } from './reauth/subscriber-leaves.ts';
import { subscriberResp2 } from './reauth/subscriber-resp2.ts';
import { subscriberResp3 } from './reauth/subscriber-resp3.ts';
import { twoClients } from './reauth/two-clients.ts';
import { clockBackCached } from './token/clock-back-cached.ts';
import { clockBehind } from './token/clock-behind.ts';
import { healingCodes } from './token/healing-codes.ts';
import { identityChanged } from './token/identity-changed.ts';
import { clusterEveryNode } from './topology/cluster-every-node.ts';
import { clusterMoved } from './topology/cluster-moved.ts';
import { clusterOneRequest } from './topology/cluster-one-request.ts';
import { clusterRootOnly } from './topology/cluster-root-only.ts';
import { maintenanceMove } from './topology/maintenance-move.ts';
import { pool } from './topology/pool.ts';
import { sentinelFailover } from './topology/sentinel-failover.ts';
import { tlsNodeAddresses } from './connect/tls-node-addresses.ts';
import { lifeAzure } from './life/azure.ts';
import { lifeBullmq } from './life/bullmq.ts';
import { lifeChaos } from './life/chaos.ts';
import { lifeCommands } from './life/commands.ts';
import { lifeCredentialKinds } from './life/credential-kinds.ts';
import { lifeLock } from './life/lock.ts';
import { lifeRotations } from './life/rotations.ts';

/** The catalogue, in the order of reports. */
export const scenarios: readonly Scenario[] = [
  accessKeysDisabled,
  authFirst,
  diesDuringToken,
  disconnectWhileWaiting,
  expiredNeverSent,
  firstTokenFails,
  freshOnReconnect,
  idpDownTokenExpired,
  idpDownTokenValid,
  nodeCertificates,
  noUserinfo,
  offlineQueue,
  optionsChanged,
  optionsCopied,
  refused,
  refusedTold,
  sentinelTls,
  statedExpiryLater,
  tlsNodeAddresses,
  tlsRequired,
  waitsForFirstToken,
  afterReconnects,
  blocked,
  blockedPastExpiry,
  closeFrees,
  closeUnsubscribes,
  defaultProtocol,
  duplicates,
  lost,
  manualMulti,
  monitor,
  multi,
  noLeak,
  offlineQueueOff,
  offlineRefreshes,
  oneAuth,
  pipeline,
  queueFull,
  refusedReauth,
  spread,
  subscriberLeaves,
  subscriberResp2,
  subscriberResp3,
  twoClients,
  clockBackCached,
  clockBehind,
  healingCodes,
  identityChanged,
  clusterEveryNode,
  clusterMoved,
  clusterOneRequest,
  clusterRootOnly,
  maintenanceMove,
  pool,
  sentinelFailover,
  lifeAzure,
  lifeBullmq,
  lifeChaos,
  lifeCommands,
  lifeCredentialKinds,
  lifeLock,
  lifeRotations,
];
