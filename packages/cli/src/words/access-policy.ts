import type { Claims } from '../claims.ts';
import { remedy } from '../finding.ts';
import type { Target } from '../target.ts';
import type { Remedy, Visit } from '../types.ts';

/** For a server of this machine that knows no tokens; `…` stands for it. */
export const guardRemedy: Remedy = remedy(
  'A plain Redis accepts no tokens: put the emulator in front of it, with an identity of its own.',
  'npx entra-redis emulate --upstream redis://…',
);

/**
 * Where an identity is let in. Sources: https://learn.microsoft.com/azure/redis/entra-for-authentication,
 * https://learn.microsoft.com/azure/azure-cache-for-redis/cache-configure-role-based-access-control
 */
export function assignmentRemedies(visit: Visit): Remedy[] {
  const { target, claims } = visit;
  const objectId = claims?.objectId ?? visit.username ?? '';
  if (visit.username !== objectId) {
    return [remedy(`The user name is from --username; the token is for object id ${objectId}: leave out --username.`)];
  }
  if (target.product === 'this machine') {
    return [
      remedy(
        'The emulator accepts only the tokens of its own Entra: paste the exports that the running one has printed.',
      ),
      remedy(`If it was started with --allow or --read-only, one of them must name ${objectId}.`),
      guardRemedy,
      remedy(`Any other server: its user must be named ${objectId}.`),
    ];
  }
  return [...grant(target, objectId), ...listing(target), ...pitfalls(claims, objectId)];
}

const managed = (target: Target, objectId: string): Remedy =>
  remedy(
    `Give it access. In the Azure portal: the cache > Authentication > Microsoft Entra Authentication > Select member, object id ${objectId}. Or:`,
    `az redisenterprise database access-policy-assignment create --resource-group RESOURCE_GROUP --cluster-name ${target.resource} --database-name default --access-policy-assignment-name NAME --access-policy-name default --object-id ${objectId}`,
  );

const classic = (target: Target, objectId: string): Remedy =>
  remedy(
    `Give it access. In the Azure portal: the cache > Data Access Configuration > Add > New Redis User, a policy (Data Contributor reads and writes), object id ${objectId}. Or:`,
    `az redis access-policy-assignment create --resource-group RESOURCE_GROUP --name ${target.resource} --policy-assignment-name NAME --access-policy-name "Data Contributor" --object-id ${objectId} --object-id-alias NAME`,
  );

function grant(target: Target, objectId: string): Remedy[] {
  switch (target.product) {
    case 'Azure Managed Redis':
      return [managed(target, objectId)];
    case 'Azure Cache for Redis':
      return [
        classic(target, objectId),
        remedy(
          'Microsoft Entra authentication must be on: the cache > Authentication > Enable Microsoft Entra Authentication.',
        ),
      ];
    case 'Azure Cache for Redis Enterprise':
      return [
        remedy(
          'The Enterprise tiers have no Microsoft Entra authentication: move to Azure Managed Redis, or use an access key.',
        ),
      ];
    default:
      return [
        remedy(
          `Add object id ${objectId} to the data access policies of the cache. In the Azure portal: Azure Managed Redis has them under Authentication > Microsoft Entra Authentication, Azure Cache for Redis under Data Access Configuration.`,
        ),
      ];
  }
}

const listCommand = ({ product, resource }: Target): string | undefined => {
  if (product === 'Azure Managed Redis') {
    return `az redisenterprise database access-policy-assignment list --resource-group RESOURCE_GROUP --cluster-name ${resource} --database-name default`;
  }
  if (product !== 'Azure Cache for Redis') return undefined;
  return `az redis access-policy-assignment list --resource-group RESOURCE_GROUP --name ${resource}`;
};

function listing(target: Target): Remedy[] {
  const command = listCommand(target);
  return command === undefined ? [] : [remedy('To see who has access:', command)];
}

/** Why an identity that "is in the list" is refused. */
function pitfalls(claims: Claims | undefined, objectId: string): Remedy[] {
  const application = claims?.applicationId;
  const notThat = application === undefined || application === objectId ? '' : ` (${application})`;
  const tenant =
    claims?.tenantId === undefined
      ? []
      : [
          remedy(
            `The token is of tenant ${claims.tenantId}: it must be the tenant of the cache's subscription. Another one:`,
            'npx entra-redis doctor … --tenant TENANT_ID',
          ),
        ];
  switch (claims?.identity) {
    case 'user':
      return [
        remedy('Is it in the list only through a group? Groups do not work: the user itself must be in the list.'),
        ...tenant,
      ];
    case 'managed identity':
      return [
        remedy(
          `Is another id in the list? It must be the Object (principal) ID of the managed identity, not its client id${notThat}.`,
        ),
        ...tenant,
      ];
    default:
      return [
        remedy(
          `Is another id in the list? Neither the application (client) id${notThat} nor the object id of the app registration works, only that of the service principal: Entra > Enterprise applications > Object ID, or the Object (principal) ID of a managed identity.`,
        ),
        ...tenant,
      ];
  }
}

/** What lets an identity do more. Source: https://learn.microsoft.com/azure/redis/configure-access-permissions */
export function permissionRemedies({ target, options }: Visit): Remedy[] {
  const own = [
    remedy('If it may use certain keys only, try one of those:', 'npx entra-redis doctor … --key-prefix PREFIX'),
    remedy('If it may only read, skip the write:', 'npx entra-redis doctor … --no-write'),
  ].slice(0, options.write ? 2 : 1);
  switch (target.product) {
    case 'Azure Managed Redis':
      return [
        remedy(
          'Look at the access string of its access policy assignment ("+@all ~*" allows everything), and give it the commands and keys that the application needs.',
          listCommand(target),
        ),
        ...own,
      ];
    case 'Azure Cache for Redis':
      return [
        remedy(
          'Look at its access policy: the cache > Data Access Configuration > Redis Users. Data Reader may only read; Data Contributor reads and writes; a custom policy allows what its permission string says.',
          listCommand(target),
        ),
        ...own,
      ];
    default:
      return [remedy('Look at its access policy (on Azure), or at the rules of its user (ACL GETUSER).'), ...own];
  }
}
