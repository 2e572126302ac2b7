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

  public record UserInfo(String username, String password) {}

  public record Pool(int minimum, int maximum) {}
}
