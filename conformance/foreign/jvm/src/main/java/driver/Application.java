package driver;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The clients of one application, and the suite's requests for them. */
final class Application implements Stdio.Requests {
  private final Stdio stdio = new Stdio();
  private final Map<Integer, Session> sessions = new HashMap<>();
  private final List<WeakReference<Object>> closedClients = new ArrayList<>();
  private final Library library;
  private Tokens tokens;

  private Application(Library library) {
    this.library = library;
  }

  /**
   * With the argument `--train`, makes a client, for the archive of classes that others start with.
   */
  static void serve(Library library, String... args) throws IOException {
    if (List.of(args).contains("--train")) {
      Training.make(library);
      return;
    }
    var application = new Application(library);
    Told.to(application::tellApplication);
    application.stdio.serve(application);
    // The suite was ended: nobody closes these any more.
    if (!application.sessions.values().stream().allMatch(Session::isClosed)) {
      System.exit(1);
    }
  }

  @Override
  public void carryOut(String method, JsonObject params, Answer answer) {
    switch (method) {
      case "describe-driver" -> answer.with(() -> Description.of(library));
      case "start" -> answer.with(() -> start(params));
      case "open" -> answer.with(() -> open(params));
      case "describe-application" -> answer.with(() -> tokens.toString());
      case "leaked-clients" -> answer.with(this::leakedClients);
      case "close-application" -> answer.with(() -> null);
      default -> ask(sessions.get(params.get("session").getAsInt()), method, params, answer);
    }
  }

  private void ask(Session session, String method, JsonObject params, Answer answer) {
    var client = session.client();
    switch (method) {
      case "ready" -> session.ready(answer);
      case "command" -> session.command(texts(params, "args"), answer);
      case "pipeline", "transaction" ->
          session.inTurn(
              answer, () -> client.pipeline(commands(params), method.equals("transaction")));
      case "subscribe" -> session.inTurn(answer, () -> subscribe(session, params));
      case "unsubscribe" ->
          session.inTurn(
              answer,
              () -> {
                client.unsubscribe(text(params, "channel"), text(params, "kind"));
                return null;
              });
      // None of these libraries says it of a client that has several connections.
      case "connected" -> answer.with(() -> null);
      case "describe" -> answer.with(client::toString);
      case "close" -> session.apart(answer, () -> close(session));
      default ->
          answer.with(
              () -> {
                throw new UnsupportedOperationException("this driver has no method " + method);
              });
    }
  }

  private Object start(JsonObject params) {
    tokens = new Tokens(text(params, "tokenUrl"));
    return null;
  }

  private Object open(JsonObject params) {
    int number = params.get("session").getAsInt();
    var endpoint = Stdio.GSON.fromJson(params.get("endpoint"), Endpoint.class);
    var options = Stdio.GSON.fromJson(params.get("options"), Options.class);
    var client = library.open(endpoint, options, tokens, error -> tellError(number, error));
    sessions.put(number, new Session(client, error -> tellError(number, error)));
    return null;
  }

  private Object subscribe(Session session, JsonObject params) throws Exception {
    var channel = text(params, "channel");
    var kind = text(params, "kind");
    var number = params.get("session").getAsInt();
    session
        .client()
        .subscribe(
            channel,
            kind,
            message ->
                stdio.tell(
                    Map.of(
                        "event", "message",
                        "session", number,
                        "channel", channel,
                        "kind", kind,
                        "message", message)));
    return null;
  }

  private Object close(Session session) {
    var held = session.client().held();
    if (held != null) {
      synchronized (closedClients) {
        closedClients.add(new WeakReference<>(held));
      }
    }
    session.close();
    return null;
  }

  private Object leakedClients() {
    System.gc();
    synchronized (closedClients) {
      return closedClients.stream().filter(each -> each.get() != null).count();
    }
  }

  private void tellError(int session, Throwable error) {
    var open = sessions.get(session);
    if (open == null || !open.isClosed()) {
      stdio.tell(Map.of("event", "error", "session", session, "text", Errors.shown(error)));
    }
  }

  private void tellApplication(String type, String text) {
    stdio.tell(Map.of("event", "application", "type", type, "text", text));
  }

  private static List<List<String>> commands(JsonObject params) {
    var commands = Stdio.GSON.fromJson(params.get("commands"), String[][].class);
    return Arrays.stream(commands).map(List::of).toList();
  }

  private static List<String> texts(JsonObject params, String name) {
    return List.of(Stdio.GSON.fromJson(params.get(name), String[].class));
  }

  private static String text(JsonObject params, String name) {
    return params.get(name).getAsString();
  }
}
