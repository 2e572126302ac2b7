package driver;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A reply as it was on the wire. Those of Lettuce know what their command answers. */
final class AnyOutput extends CommandOutput<String, String, Object> {
  private final Deque<Part> open = new ArrayDeque<>();

  AnyOutput() {
    super(StringCodec.UTF8, null);
  }

  @Override
  public void set(ByteBuffer bytes) {
    add(bytes == null ? null : StandardCharsets.UTF_8.decode(bytes).toString());
  }

  @Override
  public void setSingle(ByteBuffer bytes) {
    set(bytes);
  }

  @Override
  public void set(long integer) {
    add(integer);
  }

  @Override
  public void set(double number) {
    add(number);
  }

  @Override
  public void set(boolean value) {
    add(value);
  }

  @Override
  public void multi(int count) {
    if (count < 0) {
      add(null);
      return;
    }
    begin(new Part(count, new ArrayList<>(count), null));
  }

  @Override
  public void multiMap(int count) {
    begin(new Part(2 * count, new ArrayList<>(), new LinkedHashMap<>()));
  }

  private void begin(Part part) {
    add(part.map() == null ? part.items() : part.map());
    if (part.count() > 0) {
      open.push(part);
    }
  }

  private void add(Object value) {
    var part = open.peek();
    if (part == null) {
      output = value;
      return;
    }
    part.items().add(value);
    if (part.items().size() == part.count()) {
      open.pop().end();
    }
  }

  /** `map`: what the items become, two by two; null where they stay a list. */
  private record Part(int count, List<Object> items, Map<String, Object> map) {
    void end() {
      for (int i = 0; map != null && i < items.size(); i += 2) {
        map.put(String.valueOf(items.get(i)), items.get(i + 1));
      }
    }
  }
}
