package example;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.time.Duration;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.data.redis.annotation.RedisListener;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Component;

/** Commands, messages and jobs at a steady rate, until tokens have been renewed often enough. */
@Component
class Load implements ApplicationRunner, ExitCodeGenerator {
  private static final Logger LOG = LoggerFactory.getLogger(Load.class);

  private final StringRedisTemplate redis;
  private final Figures figures;
  private final long renewals;
  private final Duration refreshBefore;
  private long round;

  Load(
      StringRedisTemplate redis,
      Figures figures,
      @Value("${load.renewals}") long renewals,
      @Value("${entra.refresh-before}") Duration refreshBefore) {
    this.redis = redis;
    this.figures = figures;
    this.renewals = renewals;
    this.refreshBefore = refreshBefore;
  }

  @Override
  public void run(ApplicationArguments arguments) throws InterruptedException {
    var threads = Executors.newScheduledThreadPool(2);
    var giving = threads.scheduleAtFixedRate(this::give, 0, 20, MILLISECONDS);
    threads.scheduleWithFixedDelay(this::takeJob, 0, 1, MILLISECONDS);
    while (figures.of("renewals") < renewals) {
      Thread.sleep(50);
    }
    // The token before the last one expires, too.
    Thread.sleep(refreshBefore.plusSeconds(1).toMillis());
    giving.cancel(false);
    // What is under way arrives.
    Thread.sleep(2000);
    threads.shutdown();
    threads.awaitTermination(5, SECONDS);
    System.out.println(figures.toJson());
  }

  @Override
  public int getExitCode() {
    return figures.areGood() ? 0 : 1;
  }

  private void give() {
    round += 1;
    var text = Long.toString(round);
    attempt(() -> redis.opsForValue().set("example:round", text));
    attempt(() -> redis.opsForValue().get("example:round"));
    if (attempt(() -> redis.convertAndSend("example:rounds", text))) {
      figures.count("messagesSent");
    }
    if (round % 25 == 0 && attempt(() -> redis.opsForList().rightPush("example:jobs", text))) {
      figures.count("jobsGiven");
    }
  }

  @RedisListener("example:rounds")
  void receive(String text) {
    figures.count("messagesReceived");
  }

  /** Blocks on a connection of the pool. */
  private void takeJob() {
    attempt(
        () -> {
          if (redis.opsForList().leftPop("example:jobs", Duration.ofSeconds(1)) != null) {
            figures.count("jobsTaken");
          }
        });
  }

  private boolean attempt(Runnable command) {
    try {
      command.run();
      figures.count("commandsOk");
      return true;
    } catch (RuntimeException error) {
      LOG.error("A command failed.", error);
      figures.count("commandsFailed");
      return false;
    }
  }
}
