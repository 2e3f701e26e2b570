// SPDX-License-Identifier: MIT
const kPaths = {
  pause: "M8 5v14M16 5v14",
  play: "M7 5l11 7-11 7z",
  cross: "M6 6l12 12M18 6L6 18",
  check: "M5 12.5l4.5 4.5L19 7",
  alert: "M12 8v5M12 16.5v.5M12 3.5l9.5 16.5h-19z",
  again: "M19 12a7 7 0 1 1-2-4.9M17 3v4.5h-4.5",
  down: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  up: "M12 16V5M7 9.5l5-5 5 5M4 15.5V18a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-2.5",
  clock: "M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z",
  busy: "M12 3a9 9 0 1 0 9 9",
  table: "M4 5h16v14H4zM4 10h16M10 10v9",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20c0-3.5 2.7-5.5 6-5.5s6 2 6 5.5M16 4.5a3.5 3.5 0 0 1 0 6.5M17.5 15c2.2.7 3.5 2.5 3.5 5",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  trash: "M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13",
  bell: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 21h4",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
};

export type IconName = keyof typeof kPaths;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={kPaths[name]} />
    </svg>
  );
}
