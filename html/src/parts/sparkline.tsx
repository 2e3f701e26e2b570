// SPDX-License-Identifier: MIT
// A small line of the last values. The figure beside it says the same, so it is hidden from screen readers.

export function Sparkline({ values }: { values: number[] }) {
  const greatest = Math.max(...values, 1);
  const step = 100 / Math.max(1, values.length - 1);
  const points = values.map(
    (value, index) => `${(index * step).toFixed(1)},${(22 - (value / greatest) * 20).toFixed(1)}`,
  );
  return (
    <svg class="sparkline" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <polyline points={points.join(" ")} />
    </svg>
  );
}
