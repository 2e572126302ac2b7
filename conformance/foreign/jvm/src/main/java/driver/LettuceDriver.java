package driver;

import io.lettuce.authx.TokenBasedRedisCredentialsProvider;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.ClientOptions.ReauthenticateBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.internal.HostAndPort;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.MappingSocketAddressResolver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Lettuce with a token-based credentials provider, and new credentials for live connections. */
public final class LettuceDriver implements Library {
  private static final String THROWS = "connect() of Lettuce throws, and is not tried again";

  public static void main(String[] args) throws IOException {
    Application.serve(new LettuceDriver(), args);
  }

  @Override
  public String name() {
    return "lettuce";
  }

  @Override
  public String version() {
    return Versions.of("lettuce-core");
  }

  @Override
  public Map<String, String> cannot() {
    return Map.of(
        "duplicate", "Lettuce has no duplicate(): a client opens connections",
        "manual-transaction", "a reply between MULTI and EXEC comes with that of EXEC",
        "resp2-subscriber-lossless", "Lettuce refuses RESP2 subscribers that are re-authenticated",
        "retries-first-connect", THROWS,
        "queue-limit", "its limit is for several threads: one uses a client here",
        "monitor", "Lettuce has no MONITOR",
        "maintenance-notifications",
            "Lettuce goes to the new address when nothing is in flight: no AUTH meets the hand-over",
        "server-name", "Lettuce verifies the host that it dials");
  }

  @Override
  public Client open(
      Endpoint endpoint, Options options, Tokens tokens, Consumer<Throwable> onError) {
    var credentials = TokenBasedRedisCredentialsProvider.create(tokens.config());
    var resources = ClientResources.builder();
    // A cluster names its nodes by addresses, its certificates by the host.
    if (endpoint.servername() != null) {
      UnaryOperator<HostAndPort> named = at -> HostAndPort.of(endpoint.name(), at.getPort());
      resources.socketAddressResolver(MappingSocketAddressResolver.create(named));
    }
    return new LettuceSession(
        resources.build(),
        uri(endpoint, options, credentials),
        clientOptions(endpoint, options),
        options,
        credentials,
        onError);
  }

  private static RedisURI uri(
      Endpoint endpoint, Options options, TokenBasedRedisCredentialsProvider credentials) {
    var builder =
        endpoint.isSentinel()
            ? RedisURI.Builder.sentinel(endpoint.name(), endpoint.port(), endpoint.masterName())
            : RedisURI.Builder.redis(endpoint.name(), endpoint.port());
    builder.withAuthentication(credentials);
    if (options.name() != null) {
      builder.withClientName(options.name());
    }
    var uri = builder.withSsl(endpoint.ca() != null).withVerifyPeer(SslVerifyMode.FULL).build();
    return options.userInfo() == null ? uri : withUser(uri, options.userInfo(), credentials);
  }

  /** A user in the URL, and credentials beside it. */
  private static RedisURI withUser(
      RedisURI uri, Options.UserInfo user, TokenBasedRedisCredentialsProvider credentials) {
    var at = uri.getHost() + ":" + uri.getPort();
    var given = RedisURI.create(user.url(at, uri.isSsl()));
    given.setCredentialsProvider(credentials);
    return given;
  }

  private static ClientOptions clientOptions(Endpoint endpoint, Options options) {
    ClientOptions.Builder builder =
        endpoint.isCluster() ? ClusterClientOptions.builder() : ClientOptions.builder();
    builder.reauthenticateBehavior(ReauthenticateBehavior.ON_NEW_CREDENTIALS);
    if (!options.defaultProtocol()) {
      builder.protocolVersion(options.resp() == 2 ? ProtocolVersion.RESP2 : ProtocolVersion.RESP3);
    }
    if (Boolean.FALSE.equals(options.offlineQueue())) {
      builder.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS);
    }
    if (!options.maintenanceNotifications()) {
      builder.maintNotificationsConfig(MaintNotificationsConfig.disabled());
    }
    if (endpoint.ca() != null) {
      var ca = endpoint.ca().getBytes(StandardCharsets.US_ASCII);
      builder.sslOptions(
          SslOptions.builder().trustManager(() -> new ByteArrayInputStream(ca)).build());
    }
    return builder.build();
  }
}
