package driver;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import redis.clients.authentication.core.AuthXException;
import redis.clients.authentication.core.IdentityProvider;
import redis.clients.authentication.core.SimpleToken;
import redis.clients.authentication.core.Token;
import redis.clients.authentication.core.TokenAuthConfig;
import redis.clients.authentication.entraid.EntraIDTokenAuthConfigBuilder;

/**
 * An identity provider that asks the suite's URL. All clients of an application have it, and each
 * renews for itself: until half of the life of a token is over they get the same one.
 */
public final class Tokens implements IdentityProvider {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final HttpRequest request;
  private Token token;

  Tokens(String url) {
    request =
        HttpRequest.newBuilder(URI.create(url)).header("Metadata", "true").timeout(TIMEOUT).build();
  }

  /** The defaults of redis-authx-entraid, but for what tokens of seconds need. */
  TokenAuthConfig config() {
    return TokenAuthConfig.builder()
        .identityProviderConfig(() -> this)
        .expirationRefreshRatio(0.6f)
        .lowerRefreshBoundMillis(0)
        .tokenRequestExecTimeoutInMs(
            EntraIDTokenAuthConfigBuilder.DEFAULT_TOKEN_REQUEST_EXECUTION_TIMEOUT_IN_MS)
        .maxAttemptsToRetry(EntraIDTokenAuthConfigBuilder.DEFAULT_MAX_ATTEMPTS_TO_RETRY)
        .delayInMsToRetry(EntraIDTokenAuthConfigBuilder.DEFAULT_DELAY_IN_MS_TO_RETRY)
        .build();
  }

  @Override
  public synchronized Token requestToken() {
    if (token == null
        || System.currentTimeMillis() >= (token.getReceivedAt() + token.getExpiresAt()) / 2) {
      token = fetch();
    }
    return token;
  }

  private Token fetch() {
    try {
      var response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new AuthXException(
            "the identity provider answered " + response.statusCode() + ": " + response.body());
      }
      var answer = JsonParser.parseString(response.body()).getAsJsonObject();
      return parse(answer.get("access_token").getAsString());
    } catch (IOException error) {
      throw new AuthXException("the identity provider did not answer", error);
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
      throw new AuthXException("interrupted", error);
    }
  }

  private static Token parse(String value) {
    var payload =
        new String(Base64.getUrlDecoder().decode(value.split("\\.")[1]), StandardCharsets.UTF_8);
    var claims = JsonParser.parseString(payload).getAsJsonObject();
    var objectId = claims.get("oid").getAsString();
    var expiresAt = (long) (claims.get("exp").getAsDouble() * 1000);
    return new SimpleToken(
        objectId, value, expiresAt, System.currentTimeMillis(), Map.of("oid", objectId));
  }
}
