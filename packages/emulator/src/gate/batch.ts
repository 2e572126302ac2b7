/** Bytes on their way out. Neighbors in memory become one piece again, so what is passed on whole is written whole. */
export class Batch {
  #pieces: Buffer[] = [];

  add(piece: Buffer): void {
    const last = this.#pieces.at(-1);
    if (last?.buffer === piece.buffer && last.byteOffset + last.length === piece.byteOffset) {
      this.#pieces[this.#pieces.length - 1] = Buffer.from(last.buffer, last.byteOffset, last.length + piece.length);
    } else if (piece.length > 0) {
      this.#pieces.push(piece);
    }
  }

  addAll(pieces: readonly Buffer[]): void {
    for (const piece of pieces) this.add(piece);
  }

  take(): Buffer[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }
}
