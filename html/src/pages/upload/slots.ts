// SPDX-License-Identifier: MIT
// So many at once, first come first served.

export type Release = () => void;

export class Slots {
  private free: number;
  private readonly queue: (() => void)[] = [];

  constructor(size: number) {
    this.free = size;
  }

  /** Resolves with a slot. */
  async take(): Promise<Release> {
    return (await this.takeUnless(new Promise(() => {}))) as Release;
  }

  /** Resolves with a slot, or with null when `stop` resolves first. */
  takeUnless(stop: Promise<unknown>): Promise<Release | null> {
    return new Promise((resolve) => {
      let settled = false;
      const got = () => {
        settled = true;
        resolve(this.releaser());
      };
      if (this.free > 0) {
        this.free -= 1;
        got();
        return;
      }
      this.queue.push(got);
      void stop.then(() => {
        if (settled) return;
        settled = true;
        this.queue.splice(this.queue.indexOf(got), 1);
        resolve(null);
      });
    });
  }

  private releaser(): Release {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const next = this.queue.shift();
      if (next) next();
      else this.free += 1;
    };
  }
}
