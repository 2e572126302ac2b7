package driver;

import java.util.Map;
import java.util.function.Consumer;

/** A client library: what it can, and how a client of it is made. */
public interface Library {
  String name();

  String version();

  /** By capability: why the library lacks it. */
  Map<String, String> cannot();

  /** By topology, what it lacks there alone. */
  default Map<String, Map<String, String>> cannotIn() {
    return Map.of();
  }

  /** Connects nothing yet. `onError`: what the library tells the user of this client. */
  Client open(Endpoint endpoint, Options options, Tokens tokens, Consumer<Throwable> onError);
}
