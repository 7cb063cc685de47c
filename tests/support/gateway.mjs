/** A local gateway that serves a page of these tests, and what they ask of it. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { GATEWAY, inProject, PKG } from "../../scripts/lib/paths.mjs";

/** The pages of the tests, and what they import. */
export const SITE = inProject("tests", "site");

/** What it prints as soon as it takes requests. */
const READY = /^wanvas gateway on (http:\S+)$/;

export class Gateway {
  #process;

  /**
   * @param {string} jobMs how long jobs take, as its command line has it
   * @param {object} [options]
   * @param {string} [options.www] the directory of the pages; those of the tests if absent
   * @param {string} [options.pkg] the directory of the package
   * @param {string[]} [options.more] further words of its command line
   */
  static async start(jobMs, { www = SITE, pkg = PKG, more = [] } = {}) {
    const gateway = new Gateway();
    const args = ["--listen", "127.0.0.1:0", "--job-ms", jobMs, "--www", www, "--pkg", pkg];
    gateway.#process = spawn(GATEWAY, [...args, ...more], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(gateway.#process, "spawn");
    const output = createInterface(gateway.#process.stdout);
    const [line] = await Promise.race([once(output, "line"), once(output, "close")]);
    gateway.origin = line?.match(READY)?.[1];
    if (!gateway.origin) throw new Error("the gateway ended before it was ready");
    return gateway;
  }

  /** Scripts faults for the next matching requests. */
  async script(faults) {
    await this.#control("scenario", faults);
  }

  /** Forgets faults, requests, counts and jobs. */
  async reset() {
    await this.#control("reset");
  }

  /** The requests that arrived since the last reset, oldest first. */
  async requests() {
    return this.#read("requests");
  }

  /** Those of a kind. */
  async arrived(kind) {
    return (await this.requests()).filter((request) => request.kind === kind);
  }

  /** Waits until so many submits have arrived: what a page shows, it shows a little earlier. */
  async untilSubmits(count) {
    const until = Date.now() + 20_000;
    while ((await this.arrived("submit")).length < count) {
      if (Date.now() > until) throw new Error(`fewer than ${count} submits arrived`);
      await sleep(20);
    }
  }

  /** The counts of each provider since the last reset. */
  async totals() {
    return this.#read("totals");
  }

  async stop() {
    const ended = once(this.#process, "exit");
    if (this.#process.kill("SIGTERM")) await ended;
  }

  async #read(what) {
    return (await fetch(`${this.origin}/__gateway/${what}`)).json();
  }

  async #control(command, body = {}) {
    const response = await fetch(`${this.origin}/__gateway/${command}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${command}: ${await response.text()}`);
  }
}
