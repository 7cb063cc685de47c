/** A local gateway that serves a page of these tests, and what they ask of it. */

import { startGateway } from "../../scripts/lib/gateway.mjs";
import { inProject } from "../../scripts/lib/paths.mjs";

export class Gateway {
  #process;

  /**
   * @param {string} www the directory of the page
   * @param {string} jobMs how long jobs take, as its command line has it
   */
  static async start(www, jobMs) {
    const gateway = new Gateway();
    const files = ["--www", inProject(www), "--pkg", inProject("pkg")];
    gateway.#process = await startGateway(
      ["--listen", "127.0.0.1:0", "--job-ms", jobMs, ...files],
      process.env.WANVAS_GATEWAY_BIN,
    );
    gateway.origin = gateway.#process.url;
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

  /** The requests of a kind that arrived since the last reset, oldest first. */
  async arrived(kind) {
    const requests = await this.#read("requests");
    return requests.filter((request) => request.kind === kind);
  }

  /** The counts of each provider since the last reset. */
  async totals() {
    return this.#read("totals");
  }

  async stop() {
    await this.#process.stop();
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
