// SPDX-License-Identifier: MIT
// Long lists come a page at a time: the newest page is polled, older ones are fetched when somebody asks for them.
import { Component, type ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { get } from "../lib/api";
import { type Listed, mergeHead, mergeTail } from "../lib/merge";
import type { Page } from "../lib/types";
import { tCommon } from "../texts/en/common";
import { usePoll } from "./use_poll";

function withQuery(path: string, query: Record<string, string>): string {
  return `${path}${path.includes("?") ? "&" : "?"}${new URLSearchParams(query)}`;
}

const kHead = "50";
/** Who asks for more wants much more. */
const kOlder = "100";

export interface Pages<T> {
  items: T[];
  /** Whether the first answer is there. */
  ready: boolean;
  next: string | null;
  more(): Promise<void>;
  /** Asks again for all that is shown, for example after a wish. */
  again(): void;
  fault: unknown;
}

export function usePages<T extends Listed>(path: string): Pages<T> {
  const head = usePoll<Page<T>>(withQuery(path, { limit: kHead }));
  const first = head.data.value;
  const [tail, setTail] = useState<{ path: string; items: T[]; next: string | null } | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const shown = useRef<{ path: string; items: T[] }>({ path, items: [] });
  if (shown.current.path !== path) shown.current = { path, items: [] };
  const older = tail?.path === path ? tail : null;
  if (first) {
    const merged = mergeHead(shown.current.items, first);
    // Without older pages the head alone is the list.
    shown.current.items = older ? mergeTail(merged, older.items) : merged.slice(0, first.items.length);
  }
  const next = older ? older.next : (first?.next ?? null);

  const fetchOlder = async (cursor: string | null, pages: number, before: T[]) => {
    setFault(null);
    let at = cursor;
    let items = before;
    try {
      for (let page = 0; page < pages && at !== null; page += 1) {
        const answer: Page<T> = await get(withQuery(path, { limit: kOlder, cursor: at }));
        items = [...items, ...answer.items];
        at = answer.next;
      }
      setTail({ path, items, next: at });
    } catch (caught) {
      setFault(caught);
    }
  };
  const again = () => {
    head.now();
    const pages = Math.ceil((older?.items.length ?? 0) / Number(kOlder));
    if (pages > 0 && first?.next) {
      shown.current.items = [];
      void fetchOlder(first.next, pages, []);
    }
  };
  // Rows that were drawn long ago hold on to the function of then: it asks for what is shown now.
  const latest = useRef(again);
  latest.current = again;
  const refused = head.fault.value;
  return {
    items: shown.current.items,
    ready: first !== null,
    next,
    more: () => fetchOlder(next, 1, older?.items ?? []),
    again: () => latest.current(),
    fault: fault ?? (refused?.passes ? null : refused),
  };
}

export interface Fetched<T> {
  items: T[];
  /** The first answer whole, for what it tells beside its items. */
  first: (Page<T> & Record<string, unknown>) | null;
  next: string | null;
  more(): Promise<void>;
  fault: unknown;
}

/** A list that is not polled: from its beginning whenever `path` or `version` is another. */
export function useFetched<T>(path: string, version: unknown = null): Fetched<T> {
  const [items, setItems] = useState<T[]>([]);
  const [first, setFirst] = useState<Fetched<T>["first"]>(null);
  const [next, setNext] = useState<string | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const asked = useRef(0);
  const load = async (cursor: string | null, before: T[]) => {
    asked.current += 1;
    const mine = asked.current;
    try {
      const page = await get<NonNullable<Fetched<T>["first"]>>(cursor ? withQuery(path, { cursor }) : path);
      // An answer to what is no longer asked comes too late.
      if (mine !== asked.current) return;
      setItems([...before, ...page.items]);
      if (!cursor) setFirst(page);
      setNext(page.next ?? null);
      setFault(null);
    } catch (caught) {
      if (mine === asked.current) setFault(caught);
    }
  };
  useEffect(() => {
    void load(null, []);
  }, [path, version]);
  return { items, first, next, more: () => load(next, items), fault };
}

export function More({ next, more }: { next: string | null; more: () => Promise<void> }) {
  const [busy, setBusy] = useState(false);
  if (!next) return null;
  const load = async () => {
    if (busy) return;
    setBusy(true);
    await more();
    setBusy(false);
  };
  return (
    <p class="more">
      <button type="button" data-more aria-disabled={busy} onClick={() => void load()}>
        {tCommon.more}
      </button>
    </p>
  );
}

const kLong = 150;

/** Of a long list the browser lays out only what is in sight. */
export function rowsClass(rows: number): string {
  return rows > kLong ? "rows long" : "rows";
}

interface StillProps {
  /** What the children are drawn from: they are drawn again only when one of these is another. */
  of: unknown[];
  children: () => ComponentChildren;
}

/** Leaves rows alone of which nothing has changed: a list of a thousand is compared in no time. */
export class Still extends Component<StillProps> {
  override shouldComponentUpdate(next: StillProps): boolean {
    return next.of.some((one, at) => one !== this.props.of[at]);
  }
  override render() {
    return this.props.children();
  }
}
