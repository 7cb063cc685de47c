/** A local gateway that serves the page of these tests, and what they ask of it. */

import { startGateway } from "../../scripts/lib/gateway.mjs";
import { inProject } from "../../scripts/lib/paths.mjs";

/** Jobs end soon, but not before the first status check. */
const JOB_MS = "60..120";

export class Gateway {
  #process;

  /** @param {string[]} [args] further words of its command line */
  static async start(args = []) {
    const gateway = new Gateway();
    const files = ["--www", inProject("tests/faults/page"), "--pkg", inProject("pkg")];
    gateway.#process = await startGateway(
      ["--listen", "127.0.0.1:0", "--job-ms", JOB_MS, ...files, ...args],
      process.env.WANVAS_GATEWAY_BIN,
    );
    gateway.origin = gateway.#process.url;
    return gateway;
  }

  /** Forgets everything, and scripts faults for the next matching requests. */
  async script(faults) {
    await this.#post("reset");
    await this.#post("scenario", faults);
  }

  /** The requests that arrived since, oldest first. */
  async requests() {
    return (await fetch(`${this.origin}/__gateway/requests`)).json();
  }

  /** How much has arrived and was accepted since, at each provider. */
  async totals() {
    return (await fetch(`${this.origin}/__gateway/totals`)).json();
  }

  async stop() {
    await this.#process.stop();
  }

  async #post(command, body = {}) {
    const response = await fetch(`${this.origin}/__gateway/${command}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${command}: ${await response.text()}`);
  }
}
