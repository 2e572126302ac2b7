package driver;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.authentication.AuthXEventListener;
import redis.clients.jedis.authentication.AuthXManager;

/** Jedis with an AuthXManager for each client. */
public final class JedisDriver implements Library {
  private static final Duration AT_ONCE = Duration.ofMillis(100);
  private static final String ONCE = "Jedis connects once for each command, and throws";

  public static void main(String[] args) throws IOException {
    Application.serve(new JedisDriver(), args);
  }

  @Override
  public String name() {
    return "jedis";
  }

  @Override
  public String version() {
    return Versions.of("jedis");
  }

  @Override
  public Map<String, String> cannot() {
    return Map.ofEntries(
        Map.entry("duplicate", "Jedis has no duplicate()"),
        Map.entry(
            "manual-transaction",
            "each command may take another connection of the pool: MULTI belongs to multi()"),
        Map.entry(
            "maintenance-notifications",
            "each command may take another connection of the pool, so that none can be followed"),
        Map.entry(
            "resp2-subscriber-lossless",
            "Jedis refuses RESP2 subscribers that have an AuthXManager"),
        Map.entry("queue-limit", "Jedis has no queue"),
        Map.entry("monitor", "RedisClient has no MONITOR"),
        Map.entry("server-name", "Jedis verifies the host that it dials"),
        Map.entry("blocked-resent", "Jedis sends nothing again outside a cluster"),
        Map.entry("retries-first-connect", ONCE),
        Map.entry("offline-queue", ONCE));
  }

  @Override
  public Map<String, Map<String, String>> cannotIn() {
    var because = Map.of("sharded-subscribe", "only the cluster client has ssubscribe");
    return Map.of(
        "standalone", because,
        "sentinel", because,
        "cluster", Map.of("transaction", "the cluster client has no multi()"));
  }

  @Override
  public Client open(
      Endpoint endpoint, Options options, Tokens tokens, Consumer<Throwable> onError) {
    return new JedisSession(
        () -> client(endpoint, options, config(endpoint, options, manager(tokens, onError))),
        options.readReplicas(),
        onError);
  }

  private static AuthXManager manager(Tokens tokens, Consumer<Throwable> onError) {
    var manager = new AuthXManager(tokens.config());
    manager.setListener(
        new AuthXEventListener() {
          @Override
          public void onIdentityProviderError(Exception reason) {
            onError.accept(reason);
          }

          @Override
          public void onConnectionAuthenticationError(Exception reason) {
            onError.accept(reason);
          }
        });
    return manager;
  }

  private static DefaultJedisClientConfig config(
      Endpoint endpoint, Options options, AuthXManager manager) {
    var config =
        DefaultJedisClientConfig.builder().authXManager(manager).clientName(options.name());
    if (!options.defaultProtocol()) {
      config.protocol(options.resp() == 2 ? RedisProtocol.RESP2 : RedisProtocol.RESP3);
    }
    if (options.readReplicas()) {
      config.readOnlyForRedisClusterReplicas();
    }
    if (endpoint.ca() != null) {
      config.sslOptions(trusting(endpoint.ca()));
    }
    if (endpoint.servername() != null) {
      config.hostAndPortMapper(address -> new HostAndPort(endpoint.name(), address.getPort()));
    }
    return config.build();
  }

  private static SslOptions trusting(String ca) {
    var store = Certificates.bytes(ca);
    return SslOptions.builder()
        .trustStoreType(Certificates.TYPE)
        .truststore(() -> new ByteArrayInputStream(store), Certificates.PASSWORD.toCharArray())
        .sslVerifyMode(SslVerifyMode.FULL)
        .build();
  }

  private static UnifiedJedis client(
      Endpoint endpoint, Options options, DefaultJedisClientConfig config) {
    var at = new HostAndPort(endpoint.name(), endpoint.port());
    var pool = new ConnectionPoolConfig();
    if (options.pool() != null) {
      pool.setMinIdle(options.pool().minimum());
      pool.setMaxTotal(options.pool().maximum());
    }
    return switch (endpoint.topology()) {
      case "cluster" -> cluster(at, options, config, pool);
      case "sentinel" ->
          RedisSentinelClient.builder()
              .masterName(endpoint.masterName())
              .sentinels(Set.of(at))
              .clientConfig(config)
              .poolConfig(pool)
              .build();
      default -> standalone(at, options, config, pool);
    };
  }

  private static UnifiedJedis cluster(
      HostAndPort at, Options options, DefaultJedisClientConfig config, ConnectionPoolConfig pool) {
    var builder =
        RedisClusterClient.builder().nodes(Set.of(at)).clientConfig(config).poolConfig(pool);
    // A command is tried for 10 s by default.
    if (Boolean.FALSE.equals(options.offlineQueue())) {
      builder.maxTotalRetriesDuration(AT_ONCE);
    }
    return builder.build();
  }

  @SuppressWarnings("deprecation") // fromURI: the mistake that is to be refused
  private static UnifiedJedis standalone(
      HostAndPort at, Options options, DefaultJedisClientConfig config, ConnectionPoolConfig pool) {
    var builder = RedisClient.builder().clientConfig(config).poolConfig(pool);
    if (options.userInfo() != null) {
      var url = options.userInfo().url(at, config.getSslOptions() != null);
      return builder.fromURI(URI.create(url)).build();
    }
    return builder.hostAndPort(at).build();
  }
}
