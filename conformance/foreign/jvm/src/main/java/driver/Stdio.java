package driver;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** The suite's requests and their answers: JSON lines on stdin and stdout. */
final class Stdio {
  static final Gson GSON = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
  private final PrintStream out = System.out;

  Stdio() {
    // What a library prints is no answer.
    System.setOut(System.err);
  }

  interface Requests {
    void carryOut(String method, JsonObject params, Answer answer);
  }

  void serve(Requests requests) throws IOException {
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      var request = GSON.fromJson(line, JsonObject.class);
      var id = request.get("id").getAsInt();
      var params = request.has("params") ? request.getAsJsonObject("params") : new JsonObject();
      requests.carryOut(request.get("method").getAsString(), params, call -> answer(id, call));
    }
  }

  void tell(Map<String, ?> line) {
    var text = GSON.toJson(line);
    synchronized (out) {
      out.println(text);
      out.flush();
    }
  }

  private void answer(int id, Callable<?> call) {
    var line = new LinkedHashMap<String, Object>();
    line.put("id", id);
    try {
      line.put("result", call.call());
    } catch (Exception | LinkageError error) {
      line.put("error", Errors.toMap(error));
    }
    tell(line);
  }
}
