// SPDX-License-Identifier: MIT

export const tIndex = {
  title: "CSV in, data out",
  lead: "Sluice takes CSV files in over bad networks, turns them into typed datasets, creates teams in bulk, and hands data back for any range of dates.",
  ways: [
    {
      title: "Upload",
      text: "Many files at once, of any size. Pause, close the page, go on later on another computer.",
    },
    { title: "Create teams", text: "One CSV with members. Checked first, then created all in one step." },
    { title: "Export", text: "Choose a range of dates. Large exports run in the background and can be paused." },
  ] as const,
  sampleTitle: "Try it with sample data",
  sampleText: "A thousand made-up sales from 2016 and 2017.",
  sampleUpload: "Upload the sample",
  sampleSave: "Save it as a file",
  promisesTitle: "What you can rely on",
  promises: [
    "A file that was cut off goes on where it stopped, in any browser and with any tus client.",
    "Delimiter, encoding and types are found by themselves; you can change them before or after loading.",
    "Every value comes back exactly as it was written, and every record of the file is accounted for.",
    "A running job pauses, resumes and cancels at once, and a cancelled one leaves no trace.",
  ],
  programTitle: "For programs",
  programText: "Everything here is also a short request.",
  program: (origin: string) =>
    `curl ${origin}/export -H 'Content-Type: application/json' \\\n     -d '{"dataset":"sales","from":"2016-01-01","to":"2017-12-31"}'`,
};
