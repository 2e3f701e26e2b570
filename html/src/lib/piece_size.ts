// SPDX-License-Identifier: MIT
// How much of a file one request carries. A cut loses the piece under way, so a piece is what the line takes in about four
// seconds, and never more than got through after one was lost: a line that is cut every few seconds still gets on. The
// server takes a limited number of pieces, so a big file has no tiny ones.

const kFirst = 1 << 20;
const kLeast = 1 << 16;
const kMostPieces = 5000;
const kMs = 4000;
const kRegain = 1.25;
/** So long a line may be silent that nothing is known of, and one that has carried a piece. */
const kFirstPatienceMs = 120_000;
const kPatienceMs = 20_000;

export class PieceSize {
  private readonly least: number;
  private ceiling: number;
  private bytesPerMs = 0;
  /** Of the next piece. */
  bytes: number;

  constructor(
    fileBytes: number,
    private readonly most: number,
  ) {
    this.least = Math.min(most, Math.max(kLeast, Math.ceil(fileBytes / kMostPieces)));
    this.ceiling = most;
    this.bytes = Math.max(this.least, Math.min(kFirst, most));
  }

  /** A piece has arrived. */
  carried(bytes: number, ms: number): void {
    this.bytesPerMs = bytes / Math.max(ms, 1);
    this.ceiling = Math.min(this.most, this.ceiling * kRegain);
    this.use(Math.min(this.ceiling, this.bytesPerMs * kMs));
  }

  /** How long nothing may move while one is under way: what is sent may wait in the system for five times as long as it takes. */
  get patienceMs(): number {
    return this.bytesPerMs > 0 ? Math.max(kPatienceMs, (5 * this.bytes) / this.bytesPerMs) : kFirstPatienceMs;
  }

  /** A piece was cut. Perhaps the line has become slower: nothing is given up in vain again and again. */
  lost(): void {
    this.use(this.bytes / 2);
    this.ceiling = this.bytes;
    this.bytesPerMs /= 2;
  }

  private use(bytes: number): void {
    this.bytes = Math.max(this.least, Math.floor(bytes));
  }
}
