package driver;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManagerFactory;

/** What trusts one certificate authority, given as PEM. */
final class Certificates {
  static final String TYPE = "PKCS12";
  static final String PASSWORD = "changeit";

  private Certificates() {}

  static TrustManagerFactory trustManagers(String pem) {
    try {
      var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store(pem));
      return managers;
    } catch (GeneralSecurityException | IOException error) {
      throw new IllegalArgumentException("the certificate authority is no PEM", error);
    }
  }

  /** As the file of a trust store. */
  static byte[] bytes(String pem) {
    try (var bytes = new ByteArrayOutputStream()) {
      store(pem).store(bytes, PASSWORD.toCharArray());
      return bytes.toByteArray();
    } catch (GeneralSecurityException | IOException error) {
      throw new IllegalArgumentException("the certificate authority is no PEM", error);
    }
  }

  private static KeyStore store(String pem) throws GeneralSecurityException, IOException {
    var text = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    var store = KeyStore.getInstance(TYPE);
    store.load(null, null);
    store.setCertificateEntry(
        "ca", CertificateFactory.getInstance("X.509").generateCertificate(text));
    return store;
  }
}
