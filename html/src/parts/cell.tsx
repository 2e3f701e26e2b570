// SPDX-License-Identifier: MIT
// One value in a table of data, and the head of its column: figures stand right, so that their places are below each other.

function isFigure(type: string | undefined): boolean {
  return /^(tiny|small|medium|big)?int|^decimal|^double/i.test(type ?? "");
}

export function HeadCell({ name, type, tell = false }: { name: string; type?: string; tell?: boolean }) {
  return (
    <th scope="col" class={isFigure(type) ? "number" : undefined}>
      {name}
      {tell ? <code class="type">{type}</code> : null}
    </th>
  );
}

export function Cell({ value, type }: { value: string | number | boolean | null | undefined; type?: string }) {
  const text = value === null || value === undefined ? undefined : String(value);
  return (
    <td class={isFigure(type) ? "cell number" : "cell"} title={text}>
      {text}
    </td>
  );
}
