package driver;

/** Where the suite's cache is. */
public record Endpoint(
    String topology, String host, int port, String ca, String servername, String masterName) {

  boolean isCluster() {
    return "cluster".equals(topology);
  }

  boolean isSentinel() {
    return "sentinel".equals(topology);
  }

  /** The name that a certificate is verified against. */
  String name() {
    return servername == null ? host : servername;
  }
}
