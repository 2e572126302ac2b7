package example;

import io.lettuce.authx.TokenBasedRedisCredentialsProvider;
import io.lettuce.core.ClientOptions.ReauthenticateBehavior;
import io.lettuce.core.RedisCredentialsProvider;
import java.time.Duration;
import java.util.Set;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.lettuce.RedisCredentialsProviderFactory;
import redis.clients.authentication.entraid.EntraIDTokenAuthConfigBuilder;

/** All connections of Lettuce log in with tokens of the managed identity, and stay logged in. */
@Configuration(proxyBeanMethods = false)
class EntraRedis {
  @Bean
  TokenBasedRedisCredentialsProvider credentials(
      @Value("${entra.refresh-before}") Duration refreshBefore) {
    var config =
        EntraIDTokenAuthConfigBuilder.builder()
            .systemAssignedManagedIdentity()
            .scopes(Set.of("https://redis.azure.com"))
            .lowerRefreshBoundMillis((int) refreshBefore.toMillis())
            .build();
    return TokenBasedRedisCredentialsProvider.create(config);
  }

  @Bean
  LettuceClientConfigurationBuilderCustomizer login(RedisCredentialsProvider credentials) {
    var factory =
        new RedisCredentialsProviderFactory() {
          @Override
          public RedisCredentialsProvider createCredentialsProvider(RedisConfiguration of) {
            return credentials;
          }
        };
    return builder -> builder.redisCredentialsProviderFactory(factory);
  }

  /** Without this, the server closes each connection when the token of its login expires. */
  @Bean
  LettuceClientOptionsBuilderCustomizer reauthentication() {
    return builder -> builder.reauthenticateBehavior(ReauthenticateBehavior.ON_NEW_CREDENTIALS);
  }
}
