package driver;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.function.Consumer;

/** The subscriptions of a client, over one connection. */
final class LettuceSubscriber {
  private final StatefulRedisPubSubConnection<String, String> connection;

  LettuceSubscriber(AbstractRedisClient client) {
    connection =
        client instanceof RedisClusterClient cluster
            ? cluster.connectPubSub()
            : ((RedisClient) client).connectPubSub();
  }

  void subscribe(String channel, String kind, Consumer<String> onMessage) throws Exception {
    connection.addListener(new Listener(channel, kind, onMessage));
    var commands = connection.async();
    LettuceSession.await(
        switch (kind) {
          case "pattern" -> commands.psubscribe(channel);
          case "sharded" -> commands.ssubscribe(channel);
          default -> commands.subscribe(channel);
        });
  }

  void unsubscribe(String channel, String kind) throws Exception {
    var commands = connection.async();
    LettuceSession.await(
        switch (kind) {
          case "pattern" -> commands.punsubscribe(channel);
          case "sharded" -> commands.sunsubscribe(channel);
          default -> commands.unsubscribe(channel);
        });
  }

  private static final class Listener extends RedisPubSubAdapter<String, String> {
    private final String channel;
    private final String kind;
    private final Consumer<String> onMessage;

    Listener(String channel, String kind, Consumer<String> onMessage) {
      this.channel = channel;
      this.kind = kind;
      this.onMessage = onMessage;
    }

    @Override
    public void message(String from, String message) {
      take("channel", from, message);
    }

    @Override
    public void message(String pattern, String from, String message) {
      take("pattern", pattern, message);
    }

    @Override
    public void smessage(String from, String message) {
      take("sharded", from, message);
    }

    private void take(String of, String from, String message) {
      if (kind.equals(of) && channel.equals(from)) {
        onMessage.accept(message);
      }
    }
  }
}
