import { errorText } from '@entra-redis/emulator/resp';
import { at } from '../target.ts';
import { allSlots, type ClusterNode, type ClusterView, readClusterSlots } from '../io/cluster-map.ts';
import { ask } from './ask.ts';
import { count, failed, ok, remedy, warning } from '../finding.ts';
import { type NodeProbe, probeNode } from '../io/probe-node.ts';
import type { Details, Finding, Remedy, Step, Visit } from '../types.ts';
import { permissionRemedies } from '../words/access-policy.ts';
import { firewallRemedy } from '../words/network.ts';

/** https://redis.io/docs/latest/commands/cluster-slots/ */
export const cluster: Step = { id: 'cluster', title: 'Cluster', exitCode: 19, run };

async function run(visit: Visit): Promise<Finding> {
  const reply = await ask(visit, 'CLUSTER', 'SLOTS');
  const refused = errorText(reply);
  if (refused !== undefined) return noCluster(refused, visit);
  const view = readClusterSlots(reply, visit.target.host);
  const probes = await Promise.all(view.nodes.map((node) => probeNode(node, visit)));
  const bad = view.nodes.flatMap((node, index) => {
    const probe = probes[index];
    return probe === undefined || probe.outcome === 'ok' || probe.outcome === 'untried' ? [] : [{ node, probe }];
  });
  if (bad.length > 0) return explain(bad, view, visit);
  return describe(view, probes, visit);
}

function noCluster(text: string, visit: Visit): Finding {
  if (text.startsWith('NOPERM')) {
    return warning('cluster-noperm', 'The access policy does not let this identity ask whether this is a cluster.', {
      lines: [`The server said: ${text}`],
      remedies: [
        remedy('A cluster client needs it: allow +cluster. A plain client does not.'),
        ...permissionRemedies(visit).slice(0, 1),
      ],
    });
  }
  const details = { cluster: false };
  if (/cluster support disabled/i.test(text)) {
    return ok('No cluster: one endpoint has every key. Use a plain client.', { details });
  }
  return ok('The server shows no cluster to clients. Use a plain client.', {
    details,
    lines: [`It said: ${text}`],
  });
}

const detailsOf = ({ nodes, slots }: ClusterView): Details => ({
  cluster: true,
  slots,
  nodes: nodes.map(({ host, port, role }) => `${role} ${at(host, port)}`),
});

function summary({ nodes }: ClusterView): string {
  const masters = nodes.filter(({ role }) => role === 'master').length;
  return `${count(masters, 'master')}, ${count(nodes.length - masters, 'replica')}`;
}

function describe(view: ClusterView, probes: readonly NodeProbe[], visit: Visit): Finding {
  const details = detailsOf(view);
  if (view.slots < allSlots) {
    return warning(
      'cluster-slots',
      `A cluster (${summary(view)}) that serves only ${view.slots} of ${allSlots} slots.`,
      {
        details,
        remedies: [remedy('It is being scaled or repaired, or was never finished: commands for the other keys fail.')],
      },
    );
  }
  const untried = probes.filter(({ outcome }) => outcome === 'untried').length;
  if (untried > 0) return explainUntried(untried, view);
  const found = `A cluster: ${summary(view)}; all of them log in${visit.encrypted === true ? ', and their certificates are valid' : ''}. Use a cluster client.`;
  return ok(found, { details, lines: hints(view, probes, visit) });
}

function explainUntried(untried: number, view: ClusterView): Finding {
  const found = `A cluster (${summary(view)}). Not tried, because of an address on another machine: ${count(untried, 'node')}.`;
  return warning('cluster-untried', found, {
    details: detailsOf(view),
    lines: ['Without TLS, the token would be sent there in plain text.'],
    remedies: [remedy('Let the nodes announce 127.0.0.1 (cluster-announce-ip), or use TLS.')],
  });
}

/** What a client has to know to verify what was verified here. */
function hints({ nodes }: ClusterView, probes: readonly NodeProbe[], { target }: Visit): string[] {
  const foreign = nodes.find((_node, index) => probes[index]?.outcome === 'ok' && !probes[index].namesItself);
  if (foreign === undefined) return [];
  const address = at(foreign.host, foreign.port);
  return [
    `The nodes announce addresses (${address}) that their certificates do not name: a client must verify them against ${target.servername}. @entra-redis/ioredis does; with node-redis set defaults.socket.servername.`,
  ];
}

interface Bad {
  readonly node: ClusterNode;
  readonly probe: Exclude<NodeProbe, { outcome: 'ok' | 'untried' }>;
}

const most = 6;

function explain(bad: readonly Bad[], view: ClusterView, visit: Visit): Finding {
  const outcome = bad[0]?.probe.outcome ?? 'unreachable';
  const lines = bad.slice(0, most).map(({ node, probe }) => `${node.role} ${at(node.host, node.port)}: ${probe.why}`);
  if (bad.length > most) lines.push(`… and ${bad.length - most} more`);
  const alike = bad.filter(({ probe }) => probe.outcome === outcome).length;
  const found = `A cluster (${summary(view)}), of which ${count(alike, 'node')} ${verbs[outcome]}.`;
  const remedies = bad[0]?.probe.remedies ?? remediesOf(outcome, visit);
  return failed(`cluster-${outcome}`, found, { lines, remedies, details: detailsOf(view) });
}

const verbs: Readonly<Record<Bad['probe']['outcome'], string>> = {
  unreachable: 'cannot be reached from here',
  certificate: 'cannot be verified',
  refused: 'refused the login',
};

function remediesOf(outcome: Bad['probe']['outcome'], { target }: Visit): Remedy[] {
  switch (outcome) {
    case 'unreachable':
      return [
        firewallRemedy(target),
        remedy(
          'Every client of a cluster connects to every node. If that is not possible, choose the Enterprise clustering policy for Azure Managed Redis: one endpoint for all (only at creation).',
        ),
      ];
    case 'certificate':
      return [
        remedy(
          `The nodes' certificates must name ${target.servername}, or their own addresses. Connect by the name that Azure gave the cache, and do not turn verification off.`,
        ),
      ];
    default:
      return [
        remedy(
          'All nodes should accept the same identities: an access policy assignment may not have reached them yet. Run this again in a minute.',
        ),
      ];
  }
}
