package driver;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.redisson.Redisson;
import org.redisson.api.BatchOptions;
import org.redisson.api.BatchOptions.ExecutionMode;
import org.redisson.api.RFuture;
import org.redisson.client.codec.StringCodec;
import org.redisson.client.protocol.RedisCommand;
import org.redisson.client.protocol.RedisCommands;
import org.redisson.client.protocol.decoder.ObjectListReplayDecoder;
import org.redisson.command.CommandAsyncExecutor;
import org.redisson.command.CommandBatchService;
import org.redisson.config.Config;
import redis.clients.authentication.core.TokenManager;

/** A client of Redisson. It is made with its first command, as it connects where it is made. */
final class RedissonSession implements Client {
  private final Options options;
  private Config config;
  private TokenManager tokens;
  private volatile Redisson redisson;
  private volatile boolean closed;

  RedissonSession(Config config, Options options, TokenManager tokens) {
    this.options = options;
    this.config = config;
    this.tokens = tokens;
  }

  @Override
  public void connect() {
    redisson();
  }

  @Override
  public Object command(List<String> args) throws Exception {
    var reply = send(redisson().getCommandExecutor(), args);
    return replyOf(args, reply.toCompletableFuture().get());
  }

  /** Its API has no plain commands. */
  private RFuture<Object> send(CommandAsyncExecutor executor, List<String> args) {
    var key = Client.keyAt(args) < 0 ? "" : args.get(Client.keyAt(args));
    var words = Arrays.copyOfRange(args.toArray(), 1, args.size());
    return options.readReplicas() && args.get(0).equals("GET")
        ? executor.readAsync(key, StringCodec.INSTANCE, named(args), words)
        : executor.writeAsync(key, StringCodec.INSTANCE, named(args), words);
  }

  private static RedisCommand<?> named(List<String> args) {
    // By these, not by their names, Redisson knows what blocks.
    return args.get(0).equals("XREAD") && Client.blocks(args)
        ? RedisCommands.XREAD_BLOCKING
        : new RedisCommand<>(args.get(0), new ObjectListReplayDecoder<>());
  }

  @Override
  public List<Object> pipeline(List<List<String>> commands, boolean transaction) {
    var mode = transaction ? ExecutionMode.IN_MEMORY_ATOMIC : ExecutionMode.IN_MEMORY;
    var batch =
        new CommandBatchService(
            redisson().getCommandExecutor(), BatchOptions.defaults().executionMode(mode));
    commands.forEach(args -> send(batch, args));
    var responses = batch.execute().getResponses();
    var replies = new ArrayList<Object>();
    for (int i = 0; i < commands.size(); i++) {
      replies.add(replyOf(commands.get(i), responses.get(i)));
    }
    return replies;
  }

  @Override
  public void subscribe(String channel, String kind, Consumer<String> onMessage) {
    var client = redisson();
    switch (kind) {
      case "pattern" ->
          client
              .getPatternTopic(channel, StringCodec.INSTANCE)
              .addListener(String.class, (pattern, from, message) -> onMessage.accept(message));
      case "sharded" ->
          client
              .getShardedTopic(channel, StringCodec.INSTANCE)
              .addListener(String.class, (from, message) -> onMessage.accept(message));
      default ->
          client
              .getTopic(channel, StringCodec.INSTANCE)
              .addListener(String.class, (from, message) -> onMessage.accept(message));
    }
  }

  @Override
  public void unsubscribe(String channel, String kind) {
    var client = redisson();
    switch (kind) {
      case "pattern" -> client.getPatternTopic(channel, StringCodec.INSTANCE).removeAllListeners();
      case "sharded" -> client.getShardedTopic(channel, StringCodec.INSTANCE).removeAllListeners();
      default -> client.getTopic(channel, StringCodec.INSTANCE).removeAllListeners();
    }
  }

  @Override
  public void close() {
    closed = true;
    var open = redisson;
    redisson = null;
    if (open != null) {
      open.shutdown(0, 2, TimeUnit.SECONDS);
    }
    // A resolver cannot be closed.
    var used = tokens;
    if (used != null) {
      used.stop();
    }
    config = null;
    tokens = null;
  }

  @Override
  public Object held() {
    return redisson;
  }

  @Override
  public String toString() {
    var used = config;
    return used == null ? "" : redisson + " " + used + " " + used.getCredentialsResolver();
  }

  private synchronized Redisson redisson() {
    var open = redisson;
    if (open == null && !closed) {
      open = (Redisson) Redisson.create(config);
      redisson = open;
    }
    if (closed) {
      close();
      throw new IllegalStateException("the client was closed");
    }
    return open;
  }

  /** A decoder does not see whether a list is null; one of what blocks is never empty. */
  private static Object replyOf(List<String> args, Object reply) {
    var isNull = Client.blocks(args) && reply instanceof List<?> list && list.isEmpty();
    return isNull ? null : plain(reply);
  }

  private static Object plain(Object reply) {
    if (reply instanceof List<?> list) {
      // toList() takes null as well.
      return list.stream().map(RedissonSession::plain).toList();
    }
    if (reply instanceof Map<?, ?> map) {
      var texts = new LinkedHashMap<String, Object>();
      map.forEach((key, value) -> texts.put(String.valueOf(key), plain(value)));
      return texts;
    }
    return reply;
  }
}
