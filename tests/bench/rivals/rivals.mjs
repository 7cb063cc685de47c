/**
 * `npm run bench:rivals`: how soon a picture is told of once it is made, and at what cost, beside the
 * clients of fal and Replicate and plain loops: in one Chromium, on one server, over the same jobs.
 *
 * - `npm run bench:rivals` measures jobs of 10 s, 25 s and 60 s, 16 and 200 at once, in more than an
 *   hour; with `-- --write` it writes the README's table;
 * - `npm run bench:rivals -- --median 10 --count 16` measures that alone;
 * - `npm run bench:rivals -- --crowd` makes 1,000 pictures at once, ten times or as many `--rounds`, by
 *   wanvas and by a loop.
 */

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { inProject, PKG } from "../../../scripts/lib/paths.mjs";
import { run as command } from "../../../scripts/lib/run.mjs";
import { launchChromium } from "../../page/chromium.mjs";
import { median } from "../../support/median.mjs";
import { randomNumbers } from "../../support/random.mjs";
import { partOfReadme, table, writePartOfReadme } from "../../support/readme.mjs";
import { startServer } from "./server.mjs";

const HERE = inProject("tests", "bench", "rivals");
/** What is measured beside the package, and what the server's certificate is made by. */
const INSTALLED = inProject("target", "rivals");
const RELEASES = ["@fal-ai/client@1.10.1", "replicate@1.4.0", "selfsigned@5.5.0"];
const SEED = 7;
const SIGMA = 0.35;
/** As many as are remembered: `MAX_SEEN` in `src/proto/durations.rs`. */
const SEEN = 20;

/** How each client is called in the table; `seen` has it wait for some jobs before. */
const CLIENTS = [
  { name: "wanvas, by stream", client: "stream" },
  { name: "wanvas, by checks, the first jobs", client: "checks" },
  { name: "wanvas, by checks, jobs seen before", client: "checks", seen: true },
  { name: "`@fal-ai/client` 1.10", client: "fal" },
  { name: "`replicate` 1.4, polling", client: "replicate" },
  { name: "a loop of 500 ms", client: "loop-500" },
  { name: "a loop of 1 s", client: "loop-1000" },
  { name: "a loop of 3 s", client: "loop-3000" },
];

/** So long the jobs take, the same ones for each client. */
function durations(medianS, seed) {
  const random = randomNumbers(seed);
  return () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return 1_000 * medianS * Math.exp(SIGMA * radius * Math.cos(2 * Math.PI * random()));
  };
}

async function setUp() {
  mkdirSync(INSTALLED, { recursive: true });
  if (!existsSync(join(INSTALLED, "node_modules", "replicate"))) {
    await command("npm", ["install", "--no-save", "--prefix", INSTALLED, ...RELEASES]);
  }
  await build({
    entryPoints: [join(HERE, "page.js")],
    outfile: join(INSTALLED, "site", "page.js"),
    bundle: true,
    format: "esm",
    nodePaths: [join(INSTALLED, "node_modules")],
    alias: { wanvas: join(PKG, "wanvas.js") },
  });
  writeFileSync(
    join(INSTALLED, "site", "index.html"),
    '<!doctype html><meta charset="utf-8"><script type="module" src="page.js"></script>',
  );
  const selfsigned = pathToFileURL(join(INSTALLED, "node_modules", "selfsigned", "index.js"));
  const { default: certificates } = await import(selfsigned);
  const { private: key, cert } = await certificates.generate();
  const server = await startServer({ key, cert, folders: { site: join(INSTALLED, "site") } });
  return { server, browser: await launchChromium() };
}

/**
 * A page of its own, whose storage is empty; and how long its main thread was busy, since Chromium
 * counts as script only what no promise has begun.
 */
async function openPage({ server, browser }) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  page.on("pageerror", (error) => console.error(error));
  await page.goto(`${server.origin}/site/index.html`);
  await page.waitForFunction(() => globalThis.run);
  const devtools = await context.newCDPSession(page);
  await devtools.send("Performance.enable");
  return {
    run: (client, count) =>
      page.evaluate(([client, count]) => globalThis.run(client, count), [client, count]),
    async busyMs() {
      const { metrics } = await devtools.send("Performance.getMetrics");
      return 1_000 * metrics.find(({ name }) => name === "TaskDuration").value;
    },
    async heap() {
      await devtools.send("HeapProfiler.collectGarbage");
      return (await devtools.send("Runtime.getHeapUsage")).usedSize;
    },
    close: () => context.close(),
  };
}

/** One client's jobs, so many at once. */
async function measure(here, { client, seen }, medianS, count) {
  const page = await openPage(here);
  if (seen) {
    here.server.begin(durations(medianS, SEED + 1));
    await page.run(client, SEEN);
  }
  const took = [];
  const next = durations(medianS, SEED);
  here.server.begin(() => {
    const ms = next();
    took.push(ms);
    return ms;
  });
  const before = await page.busyMs();
  const { told, longestTaskMs } = await page.run(client, count);
  const busyMs = ((await page.busyMs()) - before) / count;
  const requests = here.server.requests() / count;
  const doneAt = here.server.doneAt();
  const waits = told.map(({ id, toldAt }) => toldAt - doneAt[id]).sort((a, b) => a - b);
  const heap = await page.heap();
  await page.close();
  const sum = (list) => list.reduce((one, other) => one + other, 0);
  return {
    meanMs: sum(waits) / count,
    p95Ms: waits[Math.ceil(0.95 * count) - 1],
    share: (100 * sum(waits)) / sum(took),
    requests,
    busyMs,
    longestTaskMs,
    heapMb: heap / 1024 ** 2,
  };
}

const HEAD = [
  "",
  "told after, mean",
  "95 %",
  "of the job",
  "requests",
  "main thread",
  "longest task",
  "heap after",
];

function row(name, { meanMs, p95Ms, share, requests, busyMs, longestTaskMs, heapMb }) {
  const longest = longestTaskMs ? `${longestTaskMs.toFixed(0)} ms` : "< 50 ms";
  return [
    name,
    `${meanMs.toFixed(0)} ms`,
    `${p95Ms.toFixed(0)} ms`,
    `${share.toFixed(1)} %`,
    requests.toFixed(1),
    `${busyMs.toFixed(1)} ms`,
    longest,
    `${heapMb.toFixed(1)} MB`,
  ];
}

/** Every client with jobs of each median, so many at once. */
async function measureAll(here, medians, counts) {
  const measured = [];
  for (const count of counts) {
    for (const medianS of medians) {
      const results = [];
      for (const client of CLIENTS) {
        results.push(await measure(here, client, medianS, count));
        console.log(row(client.name, results.at(-1)).join("  "));
      }
      const rows = results.map((result, index) => row(CLIENTS[index].name, result));
      console.log(`\nJobs of ${medianS} s, ${count} at once:\n\n${table(HEAD, rows).join("\n")}\n`);
      measured.push({ count, medianS, results });
    }
  }
  return measured;
}

/** What the README says of it: how late, and by how many requests. */
function inMarkdown(measured) {
  const head = ["", ...measured.map(({ count, medianS }) => `${medianS} s, ${count} at once`)];
  const rows = CLIENTS.map(({ name }, client) => {
    const cell = ({ results }) => {
      const { meanMs, requests } = results[client];
      return `${meanMs.toFixed(0)} ms, ${requests.toFixed(1)}`;
    };
    return [name, ...measured.map(cell)];
  });
  return [
    "",
    "How long after a picture is made its call resolves, on average, and how many requests that takes, for",
    "the same jobs, by their median:",
    "",
    ...table(head, rows),
    "",
    "Measured in one run by `npm run bench:rivals` in Chromium, over HTTP/2 on one machine;",
    "`npm run bench:rivals -- --crowd` makes 1,000 at once.",
    "",
    "",
  ].join("\n");
}

/** 1,000 at once, ten times in one page. */
async function measureCrowd(here, rounds) {
  const [count, medianS] = [1_000, 10];
  const rows = [];
  for (const client of ["loop-1000", "checks", "stream"]) {
    const page = await openPage(here);
    const [starts, longest, scripts, heaps] = [[], [], [], []];
    for (let round = 0; round < rounds; round += 1) {
      here.server.begin(durations(medianS, SEED + round));
      const before = await page.busyMs();
      const { startTaskMs, longestTaskMs } = await page.run(client, count);
      scripts.push(((await page.busyMs()) - before) / count);
      starts.push(startTaskMs);
      longest.push(longestTaskMs);
      heaps.push(await page.heap());
    }
    await page.close();
    rows.push([
      client,
      median(starts).toFixed(0),
      Math.max(...longest).toFixed(0),
      median(scripts).toFixed(2),
      heaps.map((bytes) => (bytes / 1024 ** 2).toFixed(1)).join(" "),
    ]);
    console.log(rows.at(-1).join("  "));
  }
  const head = [
    "",
    "starting task, ms, median",
    "longest after, ms",
    "main thread per job, ms",
    "heap, MB",
  ];
  console.log(`\n${table(head, rows).join("\n")}`);
}

const { values } = parseArgs({
  options: {
    median: { type: "string", multiple: true },
    count: { type: "string", multiple: true },
    crowd: { type: "boolean" },
    rounds: { type: "string", default: "10" },
    write: { type: "boolean" },
  },
});
if (values.write) partOfReadme("rivals");
const here = await setUp();
try {
  if (values.crowd) await measureCrowd(here, Number(values.rounds));
  else {
    const numbers = (given, usual) => given?.map(Number) ?? usual;
    const medians = numbers(values.median, [10, 25, 60]);
    const measured = await measureAll(here, medians, numbers(values.count, [16, 200]));
    if (values.write) writePartOfReadme("rivals", inMarkdown(measured));
  }
} finally {
  await here.browser.close();
  await here.server.stop();
}
