package example;

import io.lettuce.authx.TokenBasedRedisCredentialsProvider;
import io.lettuce.core.event.Event;
import io.lettuce.core.event.connection.DisconnectedEvent;
import io.lettuce.core.event.connection.ReauthenticationEvent;
import io.lettuce.core.event.connection.ReauthenticationFailedEvent;
import io.lettuce.core.resource.ClientResources;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.stereotype.Component;

/** Counts what happens. */
@Component
class Figures {
  private static final String NAMES =
      "commandsOk commandsFailed messagesSent messagesReceived jobsGiven jobsTaken"
          + " renewals reauthentications reauthenticationsFailed connectionsClosed";
  private final Map<String, LongAdder> counts = new LinkedHashMap<>();

  Figures(ClientResources lettuce, TokenBasedRedisCredentialsProvider credentials) {
    for (var name : NAMES.split(" ")) {
      counts.put(name, new LongAdder());
    }
    credentials.credentials().skip(1).subscribe(renewed -> count("renewals"));
    lettuce.eventBus().get().subscribe(this::take);
  }

  private void take(Event event) {
    if (event instanceof ReauthenticationEvent) {
      count("reauthentications");
    } else if (event instanceof ReauthenticationFailedEvent) {
      count("reauthenticationsFailed");
    } else if (event instanceof DisconnectedEvent) {
      count("connectionsClosed");
    }
  }

  void count(String what) {
    counts.get(what).increment();
  }

  long of(String what) {
    return counts.get(what).sum();
  }

  /** Nothing failed, was lost or was closed. */
  boolean areGood() {
    return of("commandsFailed") + of("reauthenticationsFailed") + of("connectionsClosed") == 0
        && of("messagesReceived") == of("messagesSent")
        && of("jobsTaken") == of("jobsGiven");
  }

  String toJson() {
    return counts.toString().replaceAll("(\\w+)=", "\"$1\": ");
  }
}
