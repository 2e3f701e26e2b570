// SPDX-License-Identifier: MIT
// BullMQ's side. bullmq.mjs worker | add N | starts N | drain N | write PATH LINES SECONDS N; PEER_REDIS is Redis' socket.
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, QueueEvents, Worker } from 'bullmq';

const connection = { path: process.env.PEER_REDIS, maxRetriesPerRequest: null };
const now = () => performance.timeOrigin + performance.now();
const [verb, ...given] = process.argv.slice(2);

async function work(job) {
  if (job.name === 'begin') return now();
  const { path, lines, seconds } = job.data;
  for (let number = 0; number < lines; number++) {
    appendFileSync(path, `${number}\n`);
    await sleep((1000 * seconds) / lines);
  }
}

const worker = (autorun = true) => new Worker('peer', work, { connection, concurrency: 20, autorun });

const verbs = {
  async worker() {
    worker().on('error', () => {});
    await new Promise(() => {});
  },
  // milliseconds from add() to the job's first step, one job at a time
  async starts(count) {
    const queue = new Queue('peer', { connection });
    const events = new QueueEvents('peer', { connection });
    worker();
    await events.waitUntilReady();
    for (let n = 0; n < count; n++) {
      const sent = now();
      const job = await queue.add('begin', {});
      console.log((await job.waitUntilFinished(events)) - sent);
    }
  },
  // jobs a second of a queue that is full when the worker begins
  async drain(count) {
    const queue = new Queue('peer', { connection });
    await queue.addBulk(Array.from({ length: count }, () => ({ name: 'begin', data: {} })));
    const it = worker(false);
    let left = count;
    const done = new Promise((resolve) => it.on('completed', () => --left || resolve()));
    const begun = now();
    it.run();
    await done;
    console.log((1000 * count) / (now() - begun));
  },
  async write(path, lines, seconds, count) {
    const queue = new Queue('peer', { connection });
    for (let n = 0; n < count; n++)
      console.log((await queue.add('write', { path: `${path}.${n}`, lines: Number(lines), seconds: Number(seconds) })).id);
  },
  async states(...ids) {
    const queue = new Queue('peer', { connection });
    for (const id of ids) console.log((await (await queue.getJob(id))?.getState()) ?? 'gone');
  },
  async remove(id) {
    const queue = new Queue('peer', { connection });
    const job = await queue.getJob(id);
    console.log(await job.remove().then(() => 'removed', (error) => error.message));
  },
};
await verbs[verb](...given);
process.exit(0);
