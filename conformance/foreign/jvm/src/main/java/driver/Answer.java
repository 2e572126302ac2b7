package driver;

import java.util.concurrent.Callable;

/** How a request is answered: with what the call returns, or throws. */
interface Answer {
  void with(Callable<?> call);
}
