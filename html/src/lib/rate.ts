// SPDX-License-Identifier: MIT
// Bytes a second as an exponentially weighted mean over about 10 s.

const kWindowMs = 10000;
/** After so long without a byte it is no rate any more, and the next byte begins a new one. */
const kStillMs = 5000;

export class Rate {
  private last: { at: number; done: number } | null = null;
  private first: number | null = null;
  private movedAt = 0;
  private samples = 0;
  private value = 0;

  /** `done` is the running total; a smaller one than before (a restart) begins anew. */
  add(done: number, at: number): void {
    if (this.last === null || done < this.last.done) {
      this.begin(done, at);
      return;
    }
    if (done > this.last.done) this.movedAt = at;
    else if (at - this.movedAt > kStillMs) this.begin(done, at);
    const span = at - this.last.at;
    if (span < 200) return;
    if (this.samples === 0 && done === this.last.done) {
      // Nothing has flowed yet: the wait before is no rate.
      this.last = { at, done };
      this.first = at;
      return;
    }
    const now = ((done - this.last.done) * 1000) / span;
    const weight = 1 - Math.exp(-span / kWindowMs);
    this.value = this.samples === 0 ? now : this.value + weight * (now - this.value);
    this.samples += 1;
    this.last = { at, done };
  }

  private begin(done: number, at: number): void {
    this.last = { at, done };
    this.first = at;
    this.samples = 0;
    this.value = 0;
  }

  perSecond(): number {
    return this.value;
  }

  /** Seconds for `rest` more bytes; null before 3 s and two samples. */
  secondsFor(rest: number): number | null {
    if (this.first === null || this.last === null || this.samples < 2) return null;
    if (this.last.at - this.first < 3000 || this.value <= 0) return null;
    return rest / this.value;
  }
}
