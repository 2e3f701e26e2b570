// SPDX-License-Identifier: MIT
// What tus-js-client reads a file by, for files of a browser alone.
interface Source {
  size: number;
  slice(start: number, end: number): Promise<{ value: Blob; done: boolean }>;
  close(): void;
}

export default class FileReader {
  openFile(file: Blob): Promise<Source> {
    return Promise.resolve({
      size: file.size,
      slice: (start, end) => Promise.resolve({ value: file.slice(start, end), done: end >= file.size }),
      close() {},
    });
  }
}
