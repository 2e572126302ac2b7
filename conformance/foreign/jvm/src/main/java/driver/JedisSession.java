package driver;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.util.KeyValue;

/** A client of Jedis. It is made with its first command, as it waits for its first token there. */
final class JedisSession implements Client {
  private final Supplier<UnifiedJedis> make;
  private final boolean readReplicas;
  private final Consumer<Throwable> onError;
  private final Map<String, JedisSubscription> subscriptions = new ConcurrentHashMap<>();
  private volatile UnifiedJedis jedis;
  private volatile boolean closed;

  JedisSession(Supplier<UnifiedJedis> make, boolean readReplicas, Consumer<Throwable> onError) {
    this.make = make;
    this.readReplicas = readReplicas;
    this.onError = onError;
  }

  @Override
  public void connect() throws Exception {
    command(List.of("PING"));
    // A pool opens its minimum only when it is asked to.
    if (jedis() instanceof RedisClient client) {
      client.getPool().preparePool();
    }
  }

  @Override
  public Object command(List<String> args) {
    var arguments = arguments(args);
    return plain(
        readReplicas && args.get(0).equals("GET")
            ? ((RedisClusterClient) jedis())
                .executeCommandToReplica(new CommandObject<>(arguments, BuilderFactory.RAW_OBJECT))
            : jedis().executeCommand(arguments));
  }

  @Override
  public List<Object> pipeline(List<List<String>> commands, boolean transaction) {
    return transaction ? inTransaction(commands) : inPipeline(commands);
  }

  private List<Object> inPipeline(List<List<String>> commands) {
    try (var pipeline = jedis().pipelined()) {
      var replies = new ArrayList<Response<Object>>();
      for (var args : commands) {
        replies.add(pipeline.sendCommand(arguments(args)));
      }
      pipeline.sync();
      return replies.stream().map(reply -> plain(reply.get())).toList();
    }
  }

  private List<Object> inTransaction(List<List<String>> commands) {
    try (AbstractTransaction transaction = jedis().multi()) {
      for (var args : commands) {
        transaction.sendCommand(arguments(args));
      }
      return transaction.exec().stream().map(JedisSession::plain).toList();
    }
  }

  @Override
  public void subscribe(String channel, String kind, Consumer<String> onMessage) throws Exception {
    var subscription = new JedisSubscription(jedis(), channel, kind, onMessage, onError);
    subscriptions.put(kind + " " + channel, subscription);
    subscription.start();
  }

  @Override
  public void unsubscribe(String channel, String kind) {
    var subscription = subscriptions.remove(kind + " " + channel);
    if (subscription != null) {
      subscription.stop();
    }
  }

  @Override
  public void close() {
    closed = true;
    // The pool does not close what is in use.
    subscriptions.values().forEach(JedisSubscription::stop);
    subscriptions.clear();
    var open = jedis;
    jedis = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public Object held() {
    return jedis;
  }

  @Override
  public String toString() {
    return String.valueOf(jedis);
  }

  private synchronized UnifiedJedis jedis() {
    var open = jedis;
    if (open == null && !closed) {
      open = make.get();
      jedis = open;
    }
    if (closed) {
      close();
      throw new IllegalStateException("the client was closed");
    }
    return open;
  }

  private static CommandArguments arguments(List<String> args) {
    var arguments = new CommandArguments(() -> args.get(0).getBytes(StandardCharsets.UTF_8));
    var key = Client.keyAt(args);
    for (int i = 1; i < args.size(); i++) {
      if (i == key) {
        arguments.key(args.get(i));
      } else {
        arguments.add(args.get(i));
      }
    }
    return Client.blocks(args) ? arguments.blocking() : arguments;
  }

  private static Object plain(Object reply) {
    if (reply instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    if (reply instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof KeyValue) {
      var map = new LinkedHashMap<String, Object>();
      for (var entry : list) {
        var pair = (KeyValue<?, ?>) entry;
        map.put(String.valueOf(plain(pair.getKey())), plain(pair.getValue()));
      }
      return map;
    }
    if (reply instanceof List<?> list) {
      // toList() takes null as well.
      return list.stream().map(JedisSession::plain).toList();
    }
    return reply instanceof Exception error ? Errors.toMap(error) : reply;
  }
}
