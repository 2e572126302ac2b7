const kept = 200;

/** What a server writes, line by line, without the process id and the time that begin each. */
export class ServerLog {
  readonly #onLine: (line: string) => void;
  #lines: string[] = [];
  #unfinished = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  add(text: string): void {
    const lines = `${this.#unfinished}${text}`.split('\n');
    this.#unfinished = lines.pop() ?? '';
    for (const each of lines) {
      const line = each.replace(/^\d+:[A-Z] \d+ \w+ \d+ [\d:.]+ (?:[-.*#] )?/, '').trim();
      if (line === '') continue;
      this.#lines.push(line);
      this.#onLine(line);
    }
    this.#lines = this.#lines.slice(-kept);
  }

  find(pattern: RegExp): RegExpExecArray | undefined {
    for (const line of this.#lines) {
      const found = pattern.exec(line);
      if (found !== null) return found;
    }
    return undefined;
  }

  /** The last three lines, for people. */
  get lastWords(): string {
    return [...this.#lines, this.#unfinished].filter(Boolean).slice(-3).join(' | ');
  }
}
