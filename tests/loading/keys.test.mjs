/** `docs/keys.md`: its code as it stands, in each browser, before a gateway that takes one key. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as ask } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, mock, test } from "node:test";
import { pathToFileURL } from "node:url";
import { inProject } from "../../scripts/lib/paths.mjs";
import { chosenEngines, startBrowser } from "../support/browser.mjs";
import { Gateway } from "../support/gateway.mjs";
import { startSite } from "./site.mjs";

const CHOSEN = chosenEngines();

const KEY = "the-only-key-that-the-gateway-takes";
const SECRET = "a long random text for tests";

const [OWN_KEY, PAGE, RELAY, SESSION, SERVER] = [
  ...readFileSync(inProject("docs/keys.md"), "utf8").matchAll(/```(?:js|html)\n(.*?)```/gs),
].map(([, code]) => code);

/** Documents that find the package by an import map, with an example in each. */
const DOCUMENTS = {
  "/own-key": OWN_KEY,
  "/relayed": `<script type="module">${PAGE}</script>`,
  "/empty": "",
};

for (const engine of CHOSEN) {
  describe(engine, () => {
    let gateway;
    let relay;
    let cookieFor;
    let userOf;
    let site;
    let browser;
    /** What the site has sent to the browser for the relay, in pieces, and what came for it. */
    let passed;

    before(async () => {
      gateway = await Gateway.start("20..40", { more: ["--api-key", KEY] });
      relay = await startRelay(gateway.origin);
      ({ cookieFor, userOf } = await import(pathToFileURL(join(relay.directory, "session.js"))));
      site = await startSite(answer);
      browser = await startBrowser(engine);
    });
    beforeEach(async () => {
      await gateway.reset();
      passed = { sent: [], came: [] };
    });
    after(async () => {
      await browser?.quit();
      await Promise.all([site, relay, gateway].map((server) => server?.stop()));
    });

    /** The site, as a web server in front of both: a page, a sign-in, and paths that it passes on. */
    function answer(path, request, response) {
      if (path in DOCUMENTS) {
        const map = JSON.stringify({ imports: { wanvas: "/pkg/wanvas.js" } });
        response.setHeader("Content-Type", "text/html; charset=utf-8");
        response.end(
          `<!doctype html><link rel="icon" href="data:,">
          <script type="importmap">${map}</script>${DOCUMENTS[path]}`,
        );
      } else if (path.startsWith("/sign-in/")) {
        signIn(decodeURIComponent(path.slice("/sign-in/".length)), response);
      } else if (path.startsWith("/wan/")) {
        passed.came.push(request.headers);
        pass(request, response, relay.origin, (part) => passed.sent.push(part));
      } else if (/^\/(model|images)\//.test(path)) {
        pass(request, response, gateway.origin);
      } else return false;
      return true;
    }

    async function signIn(name, response) {
      const cookies = {
        nobody: () => "session=; Path=/wan; Max-Age=0",
        forged: () => cookieFor("ann", "another secret"),
        ended: () => earlier(() => cookieFor("ann", SECRET)),
      };
      const cookie = await (cookies[name] ?? (() => cookieFor(name, SECRET)))();
      // A browser sends the one with the longer path first.
      const stale = (await cookies.forged()).replace("Path=/wan", "Path=/wan/model");
      const all = name === "gus" ? [stale, cookie] : [cookie];
      // Not every engine takes a secure cookie of this machine's plain http.
      const set = all.map((cookie) => cookie.replace("; Secure", ""));
      response.setHeader("Set-Cookie", set).end();
    }

    const open = async (path, name) => {
      await browser.open(`${site.origin}/sign-in/${encodeURIComponent(name)}`);
      await browser.open(site.origin + path);
    };

    /** The size of the picture that the page shows in the end. */
    const picture = () =>
      browser.run(async () => {
        const picture = () => document.querySelector("img");
        while (!picture()) await new Promise((resolve) => setTimeout(resolve, 20));
        await picture().decode();
        return [picture().naturalWidth, picture().naturalHeight];
      });

    /** What comes of a call by the relay, and every answer that the page got for it. */
    const call = (request, options = {}) =>
      browser.run(
        async (request, { twice, ...options }) => {
          const { generate } = await import("wanvas");
          const answers = [];
          const send = async (url, init) => {
            if (twice && init.method === "POST") await fetch(url, init);
            const answer = await fetch(url, init);
            answers.push([init.method, answer.status, answer.headers.get("Retry-After")]);
            return answer;
          };
          const headers = { "X-Client-Request-Id": "{id}" };
          const all = { provider: "vtrix", baseUrl: "/wan", headers, fetch: send, ...options };
          try {
            const { status, images } = await generate(request, all);
            return { status, pictures: images.length, answers };
          } catch (error) {
            return { error, answers };
          }
        },
        [request, options],
      );

    const submits = () => gateway.arrived("submit");

    test("a user's own key makes a picture, and is kept nowhere", async () => {
      await browser.open(`${site.origin}/own-key`);
      await browser.run(
        (key) => {
          const form = document.querySelector("form");
          form.elements.key.value = ` ${key} `;
          form.elements.prompt.value = "a heron";
          form.requestSubmit();
        },
        [KEY],
      );
      assert.deepEqual(await picture(), [1280, 1280]);
      const [submit] = await submits();
      assert.equal(submit.authorization, "ok");
      const kept = await browser.run(() => [
        { ...localStorage, ...sessionStorage },
        document.cookie,
        location.href,
      ]);
      assert.ok(!JSON.stringify(kept).includes(KEY));
    });

    test("the page's call makes a picture by the relay, whose key no browser sees", async () => {
      await open("/relayed", "ann");
      assert.deepEqual(await picture(), [1280, 1280]);
      const requests = await gateway.requests();
      const asked = requests.filter(({ kind }) => kind === "submit" || kind === "status");
      assert.ok(asked.length > 1 && asked.every(({ authorization }) => authorization === "ok"));
      assert.ok(asked.every(({ headers }) => !headers.includes("cookie")));
      assert.equal((await submits()).length, 1);
      assert.ok(!passed.sent.join("").includes(KEY), "sent to the browser");
      assert.ok(passed.came.every(({ authorization }) => authorization === undefined));
    });

    test("a second submit of the same id is refused", async () => {
      await open("/empty", "ben");
      const { error } = await call({ prompt: "a heron" }, { twice: true });
      assert.deepEqual(
        [error.code, error.mayHaveBeenCharged],
        ["submit_outcome_unknown", true],
        "as it is: the first one was accepted",
      );
      assert.equal((await submits()).length, 1);
      const { status } = await call({ prompt: "a heron" });
      assert.equal(status, "succeeded", "another call has another id");
    });

    for (const [who, name] of [
      ["who never signed in", "nobody"],
      ["with a forged cookie", "forged"],
      ["whose session has ended", "ended"],
    ]) {
      test(`a caller ${who} is refused`, async () => {
        await open("/empty", name);
        const { error } = await call({ prompt: "a heron" });
        assert.deepEqual([error.code, error.mayHaveBeenCharged], ["unauthorized", false]);
        assert.match(error.message, /sign in first/);
        assert.deepEqual(await gateway.requests(), []);
      });
    }

    test("other paths, and more than it allows, are refused", async () => {
      await open("/empty", "cat");
      const seen = await browser.run(async () => {
        const status = async (method, path, body) => {
          const headers = { "X-Client-Request-Id": "12345678" };
          return (await fetch(path, { method, headers, body })).status;
        };
        return [
          await status("POST", "/wan/v1/images/generations", "{}"),
          await status("GET", "/wan/model/v1/generation"),
          await status("GET", "/wan/model/v1/generation/task/a/b"),
          await status("GET", "/wan/model/v1/generation/task/..%2F..%2Fbalance"),
          await status("POST", "/wan/model/v1/generation", "null"),
          await status("POST", "/wan/model/v1/generation", " ".repeat(20_001)),
        ];
      });
      assert.deepEqual(seen, [404, 404, 404, 404, 400, 413]);
      const tooMuch = [
        [{ count: 3 }, /n must be a whole number from 1 to 2/],
        [{ size: "1440x1440" }, /size must be .* at most 1638400 pixels/],
      ];
      for (const [more, words] of tooMuch) {
        const { error } = await call({ prompt: "a heron", ...more });
        assert.equal(error.code, "invalid_request");
        assert.match(error.message, words);
      }
      assert.deepEqual(await gateway.requests(), []);
    });

    test("a user has so many pictures a day", async () => {
      await open("/empty", "dan");
      for (let made = 0; made < 18; made += 2) {
        const { error } = await call({ prompt: "a heron", count: 2 }, { wait: false });
        assert.equal(error, undefined);
      }
      const { error: last } = await call({ prompt: "a heron", count: 2 }, { twice: true });
      assert.equal(last.code, "submit_outcome_unknown", "the first one was accepted");
      const { error } = await call({ prompt: "a heron" });
      assert.equal(error.code, "forbidden");
      assert.match(error.message, /no more pictures today/);
      assert.equal((await submits()).length, 10);
    });

    test("status, Retry-After and body are passed on, and a 429 can be sent again", async () => {
      await open("/empty", "eve");
      await gateway.script([{ on: "submit", fault: "rate_limited", retryAfter: "1" }]);
      const { status, answers } = await call({ prompt: "a heron" });
      assert.equal(status, "succeeded");
      const [first, second] = answers;
      assert.deepEqual(first, ["POST", 429, "1"]);
      assert.deepEqual(second, ["POST", 200, null]);
      assert.equal((await submits()).length, 2);
    });

    test("an answer that breaks off is passed on as none", async () => {
      await open("/empty", "fay");
      await gateway.script([{ on: "submit", fault: "cut", when: "body" }]);
      const { error, answers } = await call({ prompt: "a heron" });
      assert.deepEqual(answers, [["POST", 502, null]]);
      assert.deepEqual([error.code, error.mayHaveBeenCharged], ["submit_outcome_unknown", true]);
    });

    for (const [on, headers] of [
      ["submit", { "Retry-After": KEY }],
      ["status", { "Content-Type": `text/plain; key=${KEY}` }],
    ]) {
      test(`a key that the gateway repeats to a ${on} does not reach the browser`, async () => {
        await open("/empty", "gil");
        const message = `Incorrect API key provided: Bearer ${KEY}, ${KEY}`;
        const body = { error: { message } };
        await gateway.script([{ on, fault: "answer", status: 401, body, headers }]);
        const { error } = await call({ prompt: "a heron" });
        assert.equal(error.code, "unauthorized");
        assert.match(error.message, /Incorrect API key provided: /);
        assert.ok(passed.sent.join("").includes("Incorrect API key provided"));
        assert.ok(!passed.sent.join("").includes(KEY), "sent to the browser");
      });
    }

    const input = { prompt: "a heron" };
    const parameters = { size: "1280*1280", n: 1 };
    /** What becomes of submits with such an input and such parameters: a status and words. */
    const submitAll = (orders) =>
      browser.run(
        async (orders) => {
          const answers = [];
          for (const params of orders) {
            const headers = { "X-Client-Request-Id": crypto.randomUUID() };
            const body = JSON.stringify({ input: [{ params }] });
            const init = { method: "POST", headers, body };
            const answer = await fetch("/wan/model/v1/generation", init);
            answers.push([answer.status, (await answer.json()).error?.message]);
          }
          return answers;
        },
        [orders],
      );

    test("no more of a submit goes on than the members that are known", async () => {
      await open("/empty", "hal");
      const full = {
        input: { ...input, negative_prompt: "rain" },
        parameters: { ...parameters, seed: 7, prompt_extend: false, watermark: true },
      };
      const more = { n: 4, batch_size: 4, images: ["https://b.example"], callback_url: "x" };
      const orders = [
        { input: { ...more, ...input }, parameters: { ...more, ...parameters }, ...more },
        { input: { ...more, ...full.input }, parameters: { ...more, ...full.parameters } },
      ];
      for (const [status] of await submitAll(orders)) assert.equal(status, 200);
      const sent = (await submits()).map(({ body }) => body.input);
      assert.deepEqual(sent, [[{ params: { input, parameters } }], [{ params: full }]]);
    });

    test("a submit with a member that is not as it must be is refused in words", async () => {
      await open("/empty", "ida");
      const sizes = ["4000*", "*1", "-4000*4000", "1280*1280*99", "1e3*1e3", "1281*1280", "0*0"];
      const wrong = {
        prompt: [undefined, null, "", "x".repeat(2001), ["a heron"], { length: 1 }],
        negative_prompt: [null, "x".repeat(501), ["rain"]],
        size: [undefined, null, ...sizes, ["1280*1280"], { toString: 1 }, " 1280*1280"],
        n: [undefined, null, 0, 3, 1.5, -1, "1", [1], true],
        seed: [null, -1, 2 ** 31, 0.5, "7"],
        prompt_extend: [null, 1, "true"],
        watermark: [null, 0, {}],
      };
      for (const [name, values] of Object.entries(wrong)) {
        const orders = values.map((value) =>
          /^(negative_)?prompt$/.test(name)
            ? { input: { ...input, [name]: value }, parameters }
            : { input, parameters: { ...parameters, [name]: value } },
        );
        for (const [index, [status, message]] of (await submitAll(orders)).entries()) {
          const told = `${name} ${JSON.stringify(values[index])}: ${status} ${message}`;
          assert.ok(status === 400 && message.startsWith(`${name} must be `), told);
        }
      }
      const odd = [undefined, null, [], {}, { input }, { parameters }, { input: 1, parameters: 1 }];
      for (const [status] of await submitAll(odd)) assert.equal(status, 400);
      assert.deepEqual(await gateway.requests(), []);
    });

    for (const name of ["ann@example.com", "Ann Lee", "jörg", "a.b.1;c=d", "木村", "100%"]) {
      test(`a user may be named ${name}`, async () => {
        await open("/empty", name);
        const { error } = await call({ prompt: "a heron" }, { wait: false });
        assert.equal(error, undefined);
        const request = { headers: new Headers({ Cookie: await cookieFor(name, SECRET) }) };
        assert.equal(await userOf(request, SECRET), name);
      });
    }

    test("a valid cookie is found behind a stale one", async () => {
      await open("/empty", "gus");
      const { error } = await call({ prompt: "a heron" }, { wait: false });
      assert.equal(error, undefined);
      assert.match(passed.came[0].cookie, /^session=.*; session=/);
    });
  });
}

/** The relay as the page has it, in a process of its own. */
async function startRelay(gateway) {
  const directory = mkdtempSync(join(tmpdir(), "wanvas-relay-"));
  const files = { "relay.js": RELAY, "session.js": SESSION, "server.js": SERVER };
  for (const [name, code] of Object.entries(files)) writeFileSync(join(directory, name), code);
  writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
  const own = { WAN_KEY: KEY, WAN_GATEWAY: gateway, SESSION_SECRET: SECRET, PORT: "0" };
  const env = { ...process.env, ...own };
  const stdio = ["ignore", "pipe", "inherit"];
  const child = spawn(process.execPath, ["server.js"], { cwd: directory, env, stdio });
  const [port] = await once(child.stdout, "data");
  const stop = async () => {
    const ended = once(child, "exit");
    child.kill();
    await ended;
    rmSync(directory, { recursive: true });
  };
  return { origin: `http://127.0.0.1:${Number(port)}`, directory, stop };
}

/** What a function comes to that reads the clock two hours ago. */
function earlier(work) {
  const time = Date.now() - 2 * 3_600_000;
  const clock = mock.method(Date, "now", () => time);
  const promise = work();
  clock.mock.restore();
  return promise;
}

/** Passes a request on, and its answer back, of which each part is told. */
function pass(incoming, outgoing, origin, tell = () => {}) {
  const { method, headers, url } = incoming;
  const onward = ask(origin + url, { method, headers }, (answer) => {
    tell(JSON.stringify(answer.headers));
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.on("data", (part) => {
      tell(String(part));
      outgoing.write(part);
    });
    answer.on("end", () => outgoing.end());
  });
  onward.on("error", () => outgoing.destroy());
  incoming.pipe(onward);
}
