package driver;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a driver says of itself. */
final class Description {
  private static final List<String> CAPABILITIES =
      List.of(
          "duplicate",
          "pipeline",
          "transaction",
          "manual-transaction",
          "blocking",
          "blocked-resent",
          "subscribe",
          "sharded-subscribe",
          "resp3-subscriber-reauth",
          "resp2-subscriber-lossless",
          "waits-for-first-token",
          "retries-first-connect",
          "retries-first-login",
          "offline-queue",
          "offline-queue-off",
          "queue-limit",
          "outage-keeps-queue",
          "monitor",
          "pool",
          "cluster",
          "sentinel",
          "azure-identity",
          "bullmq",
          "maintenance-notifications",
          "leak-count",
          "clock",
          "copied-options",
          "options-changed",
          "server-name",
          "error-codes");

  /** What none of the libraries can. */
  private static final Map<String, String> NONE_CAN =
      Map.of(
          "azure-identity", "this driver has the token URL alone",
          "bullmq", "BullMQ is built on ioredis",
          "clock", "redis-authx goes by the clock of its machine",
          "copied-options", "options are built, not copied",
          "options-changed", "a client keeps the address that it was made with",
          "error-codes", "errors of Java have a class, no code");

  private Description() {}

  static Map<String, Object> of(Library library) {
    var said = new LinkedHashMap<String, Object>();
    said.put("protocol", 1);
    said.put("runtime", "Java " + System.getProperty("java.version"));
    said.put("name", library.name());
    said.put("clientVersion", library.version());
    said.put("packages", Map.of("redis-authx-entraid", Versions.of("redis-authx-entraid")));
    said.put("resp", List.of(2, 3));
    said.put("closeWays", List.of("close"));
    said.put("capabilities", capabilities(library));
    if (!library.cannotIn().isEmpty()) {
      var elsewhere = new LinkedHashMap<String, Object>();
      library
          .cannotIn()
          .forEach((topology, reasons) -> elsewhere.put(topology, lackingAll(reasons)));
      said.put("capabilitiesIn", elsewhere);
    }
    return said;
  }

  private static Map<String, Object> capabilities(Library library) {
    var capabilities = new LinkedHashMap<String, Object>();
    for (var capability : CAPABILITIES) {
      var because = library.cannot().getOrDefault(capability, NONE_CAN.get(capability));
      capabilities.put(capability, because == null ? true : lacking(because));
    }
    return capabilities;
  }

  private static Map<String, Object> lackingAll(Map<String, String> reasons) {
    var all = new LinkedHashMap<String, Object>();
    reasons.forEach((capability, because) -> all.put(capability, lacking(because)));
    return all;
  }

  private static Map<String, Object> lacking(String because) {
    // In the same order each time, for the diff of driver.json.
    var lacking = new LinkedHashMap<String, Object>();
    lacking.put("supported", false);
    lacking.put("because", because);
    return lacking;
  }
}
