package driver;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.JedisShardedPubSub;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.UnifiedJedis;

/**
 * A subscription, which holds up the thread that asks for it. Where its connection is lost, its
 * user subscribes again.
 */
final class JedisSubscription {
  private static final int CONFIRMED_WITHIN_S = 10;
  private static final int PAUSE_MS = 50;
  private final UnifiedJedis jedis;
  private final String channel;
  private final String kind;
  private final Consumer<String> onMessage;
  private final Consumer<Throwable> onError;
  private final CompletableFuture<Void> confirmed = new CompletableFuture<>();
  private volatile boolean stopped;
  private volatile Runnable leave = () -> {};

  JedisSubscription(
      UnifiedJedis jedis,
      String channel,
      String kind,
      Consumer<String> onMessage,
      Consumer<Throwable> onError) {
    this.jedis = jedis;
    this.channel = channel;
    this.kind = kind;
    this.onMessage = onMessage;
    this.onError = onError;
  }

  /** Throws what the first try met. */
  void start() throws Exception {
    var thread = new Thread(this::stay);
    thread.setDaemon(true);
    thread.start();
    confirmed.get(CONFIRMED_WITHIN_S, TimeUnit.SECONDS);
  }

  void stop() {
    stopped = true;
    try {
      leave.run();
    } catch (RuntimeException error) {
      // Its connection is lost, or not there yet.
    }
  }

  private void stay() {
    while (!stopped) {
      try {
        subscribe();
      } catch (RuntimeException error) {
        if (confirmed.completeExceptionally(error)) {
          return;
        }
        if (!stopped) {
          onError.accept(error);
          pause();
        }
      }
    }
  }

  private void subscribe() {
    if (kind.equals("sharded")) {
      var listener = new Sharded();
      leave = () -> listener.sunsubscribe(channel);
      ((RedisClusterClient) jedis).ssubscribe(listener, channel);
      return;
    }
    var listener = new Plain();
    if (kind.equals("pattern")) {
      leave = () -> listener.punsubscribe(channel);
      jedis.psubscribe(listener, channel);
    } else {
      leave = () -> listener.unsubscribe(channel);
      jedis.subscribe(listener, channel);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Plain extends JedisPubSub {
    @Override
    public void onSubscribe(String name, int count) {
      confirmed.complete(null);
    }

    @Override
    public void onPSubscribe(String name, int count) {
      confirmed.complete(null);
    }

    @Override
    public void onMessage(String name, String message) {
      onMessage.accept(message);
    }

    @Override
    public void onPMessage(String pattern, String name, String message) {
      onMessage.accept(message);
    }
  }

  private final class Sharded extends JedisShardedPubSub {
    @Override
    public void onSSubscribe(String name, int count) {
      confirmed.complete(null);
    }

    @Override
    public void onSMessage(String name, String message) {
      onMessage.accept(message);
    }
  }
}
