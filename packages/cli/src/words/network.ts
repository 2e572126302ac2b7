import { remedy } from '../finding.ts';
import type { Product, Target } from '../target.ts';
import { suffixOf, usualPort } from '../target.ts';
import type { Remedy } from '../types.ts';

/** The zone of its private endpoint. Source: https://learn.microsoft.com/azure/private-link/private-endpoint-dns */
export const privateZoneOf = ({ host }: Target): string =>
  suffixOf(host)?.replace('.', 'privatelink.') ?? 'of the private endpoint (privatelink…)';

/** How the name of a cache looks, and how to read it from Azure. */
export function hostNameRemedy({ host, product, resource }: Target): Remedy {
  switch (product) {
    case 'Azure Managed Redis':
      return remedy(
        `Compare the host name with Endpoint on the Overview page of the cache in the Azure portal: NAME.REGION${suffixOf(host)}, the region included. Or:`,
        `az redisenterprise show --resource-group RESOURCE_GROUP --cluster-name ${resource} --query hostName --output tsv`,
      );
    case 'Azure Cache for Redis':
      return remedy(
        `Compare the host name with Host name on the Overview page of the cache in the Azure portal: NAME${suffixOf(host)}. Or:`,
        `az redis show --resource-group RESOURCE_GROUP --name ${resource} --query hostName --output tsv`,
      );
    default:
      return remedy('Compare the host name with the host name on the Overview page of the cache in the Azure portal.');
  }
}

export function privateZoneRemedy(target: Target): Remedy {
  return remedy(
    `If the cache has a private endpoint, this machine must be in its virtual network (or peered with it), and the private DNS zone ${privateZoneOf(target)} must be linked to that network.`,
  );
}

/** Which port it should be, in a sentence. */
export function portRemedy({ product, port }: Target): Remedy {
  const usual = usualPort(product);
  if (product === 'this machine')
    return remedy(
      'Is a server running there? For one to try:',
      port < 1024 ? 'npx entra-redis emulate' : `npx entra-redis emulate --port ${port}`,
    );
  if (usual === undefined) {
    return remedy('Azure Managed Redis listens on port 10000, Azure Cache for Redis on 6380 (TLS).');
  }
  if (usual === port) {
    return remedy(
      `${port} is the right port for ${product}. Look at Status on the Overview page of the cache: while it is being created, updated or scaled, it may listen on nothing.`,
    );
  }
  return remedy(`${product} listens on port ${usual}: leave the port out, or write ${usual}.`);
}

/**
 * The ports of cluster nodes. Sources: https://learn.microsoft.com/azure/redis/architecture,
 * https://learn.microsoft.com/azure/azure-cache-for-redis/cache-how-to-premium-clustering
 */
const nodePorts: Readonly<Partial<Record<Product, string>>> = {
  'Azure Managed Redis': ', and 8500-8599 for the nodes of a cluster (OSS clustering policy)',
  'Azure Cache for Redis': ', and 15000-15999 for the nodes of a cluster (Premium)',
};

/** Ports that a firewall must let out. */
export function firewallRemedy({ product, port }: Target): Remedy {
  return remedy(
    `Firewalls on the way (company network, network security group, Azure Firewall, VPN) must allow outgoing TCP to port ${port}${nodePorts[product] ?? ''}.`,
  );
}

export function publicAccessRemedy({ product, resource }: Target): Remedy {
  const text =
    'In the Azure portal, open the cache, then Networking: with public network access disabled only private endpoints reach it, ' +
    'and with firewall rules only the addresses in them. Or:';
  switch (product) {
    case 'Azure Managed Redis':
      return remedy(
        text,
        `az redisenterprise show --resource-group RESOURCE_GROUP --cluster-name ${resource} --query publicNetworkAccess`,
      );
    case 'Azure Cache for Redis':
      return remedy(
        text,
        `az redis show --resource-group RESOURCE_GROUP --name ${resource} --query publicNetworkAccess`,
      );
    default:
      return remedy(text.replace(' Or:', ''));
  }
}
