package driver;

import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What a user sees of an error. */
final class Errors {
  private Errors() {}

  static Map<String, String> toMap(Throwable error) {
    return Map.of("message", shown(error), "type", unwrapped(error).getClass().getSimpleName());
  }

  /** What a stack trace shows of it: class and text, and those of its causes. */
  static String shown(Throwable error) {
    var texts = new ArrayList<String>();
    for (var each = unwrapped(error); each != null; each = each.getCause()) {
      texts.add(each.getClass().getSimpleName() + ": " + each.getMessage());
    }
    return String.join("; caused by ", texts);
  }

  static Throwable unwrapped(Throwable error) {
    var isWrapper = error instanceof ExecutionException || error instanceof CompletionException;
    return isWrapper && error.getCause() != null ? error.getCause() : error;
  }
}
