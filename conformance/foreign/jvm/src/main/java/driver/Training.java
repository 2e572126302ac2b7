package driver;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** A client that gets a token, and finds no cache: it loads nearly all that a client loads. */
final class Training {
  private static final int CLOSED_PORT = 1;
  private static final Options OPTIONS =
      new Options(3, null, null, false, false, false, null, null);

  private Training() {}

  static void make(Library library) throws IOException {
    Told.to((type, text) -> {});
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var answer = Stdio.GSON.toJson(Map.of("access_token", token())).getBytes();
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    var endpoint = new Endpoint("standalone", "127.0.0.1", CLOSED_PORT, null, null, null);
    var tokens = new Tokens("http://127.0.0.1:" + server.getAddress().getPort());
    var client = library.open(endpoint, OPTIONS, tokens, error -> {});
    try {
      client.connect();
    } catch (Exception error) {
      // As expected.
    } finally {
      client.close();
      server.stop(0);
    }
  }

  private static String token() {
    var claims = Map.of("oid", "training", "exp", System.currentTimeMillis() / 1000 + 60);
    var payload = Stdio.GSON.toJson(claims).getBytes(StandardCharsets.UTF_8);
    return "." + Base64.getUrlEncoder().encodeToString(payload) + ".";
  }
}
