package driver;

import java.util.function.BiConsumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What the libraries log: all that some of them tell their users. */
final class Told extends Handler {
  private final SimpleFormatter formatter = new SimpleFormatter();
  private final BiConsumer<String, String> tell;

  private Told(BiConsumer<String, String> tell) {
    this.tell = tell;
    setLevel(Level.WARNING);
  }

  /** `tell` gets the type of an event of the application, and its text. */
  static void to(BiConsumer<String, String> tell) {
    var root = Logger.getLogger("");
    for (var handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.addHandler(new Told(tell));
  }

  @Override
  public void publish(LogRecord entry) {
    if (!isLoggable(entry)) {
      return;
    }
    var message = formatter.formatMessage(entry);
    var error = entry.getThrown();
    tell.accept(
        typeOf(message, error), error == null ? message : message + " " + Errors.shown(error));
  }

  private static String typeOf(String message, Throwable error) {
    // redis-authx logs each, and tries again.
    if (message.startsWith("Request to identity provider failed")) {
      return "retry";
    }
    if (message.matches("(?is).*(re-?authenticat|AUTH command).*")) {
      return "reauthentication-failed";
    }
    return error == null ? "warning" : "failed";
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
