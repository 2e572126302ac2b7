package driver;

/** What the suite wants of one client. */
public record Options(
    int resp,
    String name,
    Boolean offlineQueue,
    boolean readReplicas,
    boolean defaultProtocol,
    boolean maintenanceNotifications,
    UserInfo userInfo,
    Pool pool) {

  public record UserInfo(String username, String password) {
    /** The mistake that is to be refused: both in a URL. `at`: host and port. */
    String url(Object at, boolean tls) {
      return (tls ? "rediss://" : "redis://") + username + ":" + password + "@" + at;
    }
  }

  public record Pool(int minimum, int maximum) {}
}
