package driver;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.redisson.config.BaseConfig;
import org.redisson.config.BaseMasterSlaveServersConfig;
import org.redisson.config.Config;
import org.redisson.config.ConstantDelay;
import org.redisson.config.EntraIdCredentialsResolver;
import org.redisson.config.NatMapper;
import org.redisson.config.Protocol;
import org.redisson.config.ReadMode;
import org.redisson.config.SubscriptionMode;
import org.redisson.misc.RedisURI;
import redis.clients.authentication.core.TokenManager;

/** Redisson with an EntraIdCredentialsResolver for each client. */
public final class RedissonDriver implements Library {
  private static final int THREADS = 2;
  private static final int POOL_SIZE = 16;

  /** The defaults are four attempts, in all 6 s. */
  private static final Duration RETRY_DELAY = Duration.ofMillis(200);

  private static final int RETRIES = 20;

  /** Of a reply; each try has its own. The default is 3 s. */
  private static final int TIMEOUT_MS = 1000;

  public static void main(String[] args) throws IOException {
    Application.serve(new RedissonDriver(), args);
  }

  @Override
  public String name() {
    return "redisson";
  }

  @Override
  public String version() {
    return Versions.of("redisson");
  }

  @Override
  public Map<String, String> cannot() {
    return Map.of(
        "duplicate", "Redisson has no duplicate()",
        "manual-transaction",
            "each command may take another connection of the pool: MULTI belongs to a batch",
        "resp2-subscriber-lossless", "Redisson connects a RESP2 subscriber again",
        "queue-limit", "Redisson has no such limit",
        "monitor", "Redisson has no MONITOR",
        "maintenance-notifications", "Redisson does not follow them",
        "server-name", "Redisson verifies the host that it dials");
  }

  @Override
  public Client open(
      Endpoint endpoint, Options options, Tokens tokens, Consumer<Throwable> onError) {
    var auth = tokens.config();
    var manager =
        new TokenManager(
            auth.getIdentityProviderConfig().getProvider(), auth.getTokenManagerConfig());
    var config = new Config();
    config.setCredentialsResolver(new EntraIdCredentialsResolver(manager));
    config.setThreads(THREADS);
    config.setNettyThreads(THREADS);
    if (!options.defaultProtocol()) {
      config.setProtocol(options.resp() == 2 ? Protocol.RESP2 : Protocol.RESP3);
    }
    if (endpoint.ca() != null) {
      config.setSslTrustManagerFactory(Certificates.trustManagers(endpoint.ca()));
    }
    configure(servers(config, endpoint, options), options);
    return new RedissonSession(config, options, manager);
  }

  private static BaseConfig<?> servers(Config config, Endpoint endpoint, Options options) {
    var at = endpoint.name() + ":" + endpoint.port();
    var isTls = endpoint.ca() != null;
    var address =
        options.userInfo() == null
            ? (isTls ? "rediss://" : "redis://") + at
            : options.userInfo().url(at, isTls);
    NatMapper named = node -> new RedisURI(node.getScheme(), endpoint.name(), node.getPort());
    var mapper = endpoint.servername() == null ? NatMapper.direct() : named;
    return switch (endpoint.topology()) {
      case "cluster" ->
          ofOneEach(
              config.useClusterServers().addNodeAddress(address).setNatMapper(mapper), options);
      case "sentinel" ->
          ofOneEach(
              config
                  .useSentinelServers()
                  .addSentinelAddress(address)
                  .setMasterName(endpoint.masterName())
                  .setCheckSentinelsList(false)
                  .setNatMapper(mapper),
              options);
      default -> {
        var pool = options.pool();
        yield config
            .useSingleServer()
            .setAddress(address)
            .setConnectionMinimumIdleSize(pool == null ? 1 : pool.minimum())
            .setConnectionPoolSize(pool == null ? POOL_SIZE : pool.maximum())
            .setSubscriptionConnectionMinimumIdleSize(0);
      }
    };
  }

  /** One connection to each node, until more are in use. */
  private static BaseConfig<?> ofOneEach(BaseMasterSlaveServersConfig<?> servers, Options options) {
    servers.setReadMode(options.readReplicas() ? ReadMode.SLAVE : ReadMode.MASTER);
    servers.setSubscriptionMode(SubscriptionMode.MASTER);
    servers.setMasterConnectionMinimumIdleSize(1);
    servers.setMasterConnectionPoolSize(POOL_SIZE);
    servers.setSlaveConnectionMinimumIdleSize(1);
    servers.setSlaveConnectionPoolSize(POOL_SIZE);
    servers.setSubscriptionConnectionMinimumIdleSize(0);
    return servers;
  }

  private static void configure(BaseConfig<?> servers, Options options) {
    servers.setClientName(options.name());
    servers.setTimeout(TIMEOUT_MS);
    servers.setRetryDelay(new ConstantDelay(RETRY_DELAY));
    servers.setReconnectionDelay(new ConstantDelay(RETRY_DELAY));
    servers.setRetryAttempts(Boolean.FALSE.equals(options.offlineQueue()) ? 0 : RETRIES);
  }
}
