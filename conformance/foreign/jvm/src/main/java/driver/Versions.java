package driver;

import java.nio.file.Path;
import java.util.Arrays;

/** Versions of what is on the class path, by the names of its files. */
final class Versions {
  private Versions() {}

  static String of(String artifact) {
    return Arrays.stream(
            System.getProperty("java.class.path").split(System.getProperty("path.separator")))
        .map(entry -> Path.of(entry).getFileName().toString())
        .filter(file -> file.matches(artifact + "-\\d.*\\.jar"))
        .map(file -> file.substring(artifact.length() + 1, file.length() - ".jar".length()))
        .findFirst()
        .orElse("unknown");
  }
}
