package driver;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/**
 * A client, used as an application uses it: by one thread, and by another one for each command that
 * blocks.
 */
final class Session {
  private static final ThreadFactory DAEMON =
      task -> {
        var thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
      };
  private final Client client;
  private final ExecutorService inTurn = Executors.newSingleThreadExecutor(DAEMON);
  private final ExecutorService blocking = Executors.newCachedThreadPool(DAEMON);
  private final CompletableFuture<Void> connected = new CompletableFuture<>();
  private volatile boolean closed;

  Session(Client client, Consumer<Throwable> onError) {
    this.client = client;
    inTurn.execute(
        () -> {
          try {
            client.connect();
            connected.complete(null);
          } catch (Exception error) {
            connected.completeExceptionally(error);
            if (!closed) {
              onError.accept(error);
            }
          }
        });
  }

  Client client() {
    return client;
  }

  void ready(Answer answer) {
    inTurn(
        answer,
        () -> {
          try {
            connected.join();
          } catch (CompletionException error) {
            throw (Exception) error.getCause();
          }
          return client.command(List.of("PING"));
        });
  }

  void command(List<String> args, Answer answer) {
    Callable<Object> call = () -> client.command(args);
    if (Client.blocks(args)) {
      apart(answer, call);
    } else {
      inTurn(answer, call);
    }
  }

  void inTurn(Answer answer, Callable<?> call) {
    inTurn.execute(() -> answer.with(call));
  }

  /** What may take its time, and is not to wait for what does. */
  void apart(Answer answer, Callable<?> call) {
    blocking.execute(() -> answer.with(call));
  }

  boolean isClosed() {
    return closed;
  }

  void close() {
    closed = true;
    client.close();
  }
}
