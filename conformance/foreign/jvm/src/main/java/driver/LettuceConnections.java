package driver;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ReadFrom;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.support.ConnectionPoolSupport;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;

/** What commands go over: the one connection that all share, as in most applications, or a pool. */
interface LettuceConnections {
  StatefulConnection<String, String> take() throws Exception;

  void giveBack(StatefulConnection<String, String> connection);

  static LettuceConnections of(AbstractRedisClient client, Options options) throws Exception {
    return options.pool() == null
        ? new Shared(connect(client, options))
        : new Pooled(client, options);
  }

  private static StatefulConnection<String, String> connect(
      AbstractRedisClient client, Options options) {
    if (!(client instanceof RedisClusterClient clusterClient)) {
      return ((RedisClient) client).connect();
    }
    var connection = clusterClient.connect();
    if (options.readReplicas()) {
      connection.setReadFrom(ReadFrom.ANY_REPLICA);
    }
    return connection;
  }

  record Shared(StatefulConnection<String, String> connection) implements LettuceConnections {
    @Override
    public StatefulConnection<String, String> take() {
      return connection;
    }

    @Override
    public void giveBack(StatefulConnection<String, String> taken) {}
  }

  final class Pooled implements LettuceConnections {
    private final GenericObjectPool<StatefulConnection<String, String>> pool;

    Pooled(AbstractRedisClient client, Options options) throws Exception {
      var config = new GenericObjectPoolConfig<StatefulConnection<String, String>>();
      config.setMinIdle(options.pool().minimum());
      config.setMaxIdle(options.pool().maximum());
      config.setMaxTotal(options.pool().maximum());
      pool =
          ConnectionPoolSupport.createGenericObjectPool(
              () -> LettuceConnections.connect(client, options), config, false);
      pool.preparePool();
    }

    @Override
    public StatefulConnection<String, String> take() throws Exception {
      return pool.borrowObject();
    }

    @Override
    public void giveBack(StatefulConnection<String, String> connection) {
      pool.returnObject(connection);
    }
  }
}
