package driver;

import io.lettuce.authx.TokenBasedRedisCredentialsProvider;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TransactionResult;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.event.connection.ReauthenticationFailedEvent;
import io.lettuce.core.event.connection.ReconnectFailedEvent;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.resource.ClientResources;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A client of Lettuce, with a connection or a pool of them, and one more for subscriptions. */
final class LettuceSession implements Client {
  private static final int TIMEOUT_S = 60;
  private final ClientResources resources;
  private final TokenBasedRedisCredentialsProvider credentials;
  private final Options wanted;
  private volatile AbstractRedisClient client;
  private LettuceConnections connections;
  private LettuceSubscriber subscriber;

  LettuceSession(
      ClientResources resources,
      RedisURI uri,
      ClientOptions options,
      Options wanted,
      TokenBasedRedisCredentialsProvider credentials,
      Consumer<Throwable> onError) {
    this.resources = resources;
    this.credentials = credentials;
    this.wanted = wanted;
    if (options instanceof ClusterClientOptions clusterOptions) {
      var cluster = RedisClusterClient.create(resources, uri);
      cluster.setOptions(clusterOptions);
      client = cluster;
    } else {
      var simple = RedisClient.create(resources, uri);
      simple.setOptions(options);
      client = simple;
    }
    var events = resources.eventBus().get();
    events
        .ofType(ReauthenticationFailedEvent.class)
        .subscribe(event -> onError.accept(event.getCause()));
    events.ofType(ReconnectFailedEvent.class).subscribe(event -> onError.accept(event.getCause()));
  }

  @Override
  public void connect() throws Exception {
    connections();
  }

  @Override
  public Object command(List<String> args) throws Exception {
    var from = connections();
    var connection = from.take();
    try {
      return await(dispatch(connection, args));
    } finally {
      from.giveBack(connection);
    }
  }

  @Override
  public List<Object> pipeline(List<List<String>> commands, boolean transaction) throws Exception {
    var from = connections();
    var connection = from.take();
    try {
      return transaction ? transaction(connection, commands) : pipeline(connection, commands);
    } finally {
      from.giveBack(connection);
    }
  }

  private static List<Object> pipeline(
      StatefulConnection<String, String> connection, List<List<String>> commands) throws Exception {
    var futures = commands.stream().map(args -> dispatch(connection, args)).toList();
    var replies = new ArrayList<Object>();
    for (var future : futures) {
      replies.add(await(future));
    }
    return replies;
  }

  private static List<Object> transaction(
      StatefulConnection<String, String> connection, List<List<String>> commands) throws Exception {
    var node =
        connection instanceof StatefulRedisClusterConnection<String, String> cluster
            ? nodeOf(cluster, commands.get(0))
            : (StatefulRedisConnection<String, String>) connection;
    node.async().multi();
    commands.forEach(args -> dispatch(node, args));
    TransactionResult result = await(node.async().exec());
    return result.stream().toList();
  }

  /** A cluster's connection has no MULTI: that is for the node of the keys. */
  private static StatefulRedisConnection<String, String> nodeOf(
      StatefulRedisClusterConnection<String, String> cluster, List<String> args) {
    var slot = SlotHash.getSlot(args.get(Client.keyAt(args)));
    return cluster.getConnection(cluster.getPartitions().getPartitionBySlot(slot).getNodeId());
  }

  private static RedisFuture<Object> dispatch(
      StatefulConnection<String, String> connection, List<String> args) {
    var name = keyword(args.get(0));
    var arguments = new CommandArgs<>(StringCodec.UTF8);
    var key = Client.keyAt(args);
    for (int i = 1; i < args.size(); i++) {
      if (i == key) {
        arguments.addKey(args.get(i));
      } else {
        arguments.add(args.get(i));
      }
    }
    var output = new AnyOutput();
    return connection instanceof StatefulRedisClusterConnection<String, String> cluster
        ? cluster.async().dispatch(name, output, arguments)
        : ((StatefulRedisConnection<String, String>) connection)
            .async()
            .dispatch(name, output, arguments);
  }

  /** By these, not by their names, Lettuce knows what may go to a replica. */
  private static ProtocolKeyword keyword(String name) {
    return Arrays.stream(CommandType.values())
        .filter(type -> type.toString().equals(name))
        .findFirst()
        .<ProtocolKeyword>map(type -> type)
        .orElseGet(() -> new Name(name));
  }

  @Override
  public void subscribe(String channel, String kind, Consumer<String> onMessage) throws Exception {
    subscriber().subscribe(channel, kind, onMessage);
  }

  @Override
  public void unsubscribe(String channel, String kind) throws Exception {
    subscriber().unsubscribe(channel, kind);
  }

  @Override
  public void close() {
    var open = client;
    client = null;
    if (open == null) {
      return;
    }
    open.shutdown(0, 2, TimeUnit.SECONDS);
    credentials.close();
    resources.shutdown(0, 2, TimeUnit.SECONDS);
    synchronized (this) {
      connections = null;
      subscriber = null;
    }
  }

  @Override
  public Object held() {
    return client;
  }

  @Override
  public String toString() {
    return client + " " + connections + " " + credentials;
  }

  private synchronized LettuceConnections connections() throws Exception {
    var open = open();
    if (connections == null) {
      connections = LettuceConnections.of(open, wanted);
    }
    return connections;
  }

  private synchronized LettuceSubscriber subscriber() {
    var open = open();
    if (subscriber == null) {
      subscriber = new LettuceSubscriber(open);
    }
    return subscriber;
  }

  private AbstractRedisClient open() {
    var open = client;
    if (open == null) {
      throw new IllegalStateException("the client was closed");
    }
    return open;
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.get(TIMEOUT_S, TimeUnit.SECONDS);
  }

  private record Name(String text) implements ProtocolKeyword {
    @Override
    public byte[] getBytes() {
      return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
