package driver;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One client of a library. Its commands are asked for by one thread, and by another for each that
 * blocks.
 */
public interface Client {
  Set<String> BLOCKING =
      Set.of("BLPOP", "BRPOP", "BLMOVE", "BLMPOP", "BZPOPMIN", "BZPOPMAX", "BZMPOP");
  Set<String> KEYLESS =
      Set.of("PING", "ECHO", "CLIENT", "CLUSTER", "INFO", "PUBLISH", "MULTI", "EXEC");

  /** Connects; throws what the library tells who makes a client that cannot connect. */
  void connect() throws Exception;

  Object command(List<String> args) throws Exception;

  List<Object> pipeline(List<List<String>> commands, boolean transaction) throws Exception;

  void subscribe(String channel, String kind, Consumer<String> onMessage) throws Exception;

  void unsubscribe(String channel, String kind) throws Exception;

  /** May be called while it connects. */
  void close();

  /** What must not stay in memory once it is closed; null where there is nothing. */
  Object held();

  static boolean blocks(List<String> args) {
    return BLOCKING.contains(args.get(0).toUpperCase())
        || args.size() > 1 && args.get(1).equalsIgnoreCase("BLOCK");
  }

  /** Where in these words the first key is; -1 where there is none. */
  static int keyAt(List<String> args) {
    var streams = args.indexOf("STREAMS");
    if (KEYLESS.contains(args.get(0).toUpperCase()) || args.size() < 2) {
      return -1;
    }
    return streams < 0 ? 1 : streams + 1;
  }
}
