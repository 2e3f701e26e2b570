// SPDX-License-Identifier: MIT
// The words around figures. They know no other text, for every other text may hold figures.

export const tFigures = {
  /** "2 records": the figure and what it counts, one or many. */
  counted: (value: string, one: boolean, noun: string, many: string) => `${value} ${one ? noun : many}`,
  part: (done: string, whole: string) => `${done} of ${whole}`,
  percent: (value: number) => ` (${value}%)`,
  rate: (value: string, noun: string) => `${value} ${noun}/s`,
  rows: "rows",
  records: "records",
  finishing: "Finishing…",
  seconds: (value: string) => `${value} s`,
  minutes: (minutes: number, seconds: number) => `${minutes} min ${seconds} s`,
  hours: (hours: number, minutes: number) => `${hours} h ${minutes} min`,
  moment: "under 0.1 s",
  left: (time: string) => `about ${time} left`,
  minutesOnly: (value: number) => `${value} min`,
  hoursOnly: (value: number) => `${value} h`,
  days: (value: number) => `${value} ${value === 1 ? "day" : "days"}`,
  justNow: "just now",
  soon: "in a moment",
  ago: (time: string) => `${time} ago`,
  ahead: (time: string) => `in ${time}`,
};
