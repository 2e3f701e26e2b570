// SPDX-License-Identifier: MIT
// A small file to try Sluice with, made on the spot: sales over two years, with the things that real files have.

const kShops = ["Bergen", "Łódź", "São Paulo", "Kyoto", "Cork"];
const kGoods = ["tea", "coffee, ground", 'paper "A4"', "lamp", "chair"];
const kRows = 1000;

/** The same text each time: no randomness, so that two people see the same data. */
export function sampleCsv(): string {
  const lines = ["order_no,day,shop,article,amount,paid"];
  for (let row = 0; row < kRows; row += 1) {
    const day = new Date(Date.UTC(2016, 0, 3 + Math.floor((row * 727) / kRows))).toISOString().slice(0, 10);
    const shop = kShops[(row * 7) % kShops.length];
    const article = (kGoods[(row * 3 + (row % 11)) % kGoods.length] as string).replace(/"/g, '""');
    const quoted = /[",]/.test(article) ? `"${article}"` : article;
    const cents = (row * 1237 + 499) % 99900;
    lines.push(`${10001 + row},${day},${shop},${quoted},${(cents / 100).toFixed(2)},${row % 9 === 0 ? "no" : "yes"}`);
  }
  return `${lines.join("\n")}\n`;
}
