/** A program with all that it starts, which end together. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

/** Longest wait for the dead to be gone: where nobody buries them, they never are. */
const GONE_MS = 1_000;

/** Groups under way, of which none may outlive us. */
const groups = new Set();

export class ProcessGroup {
  #child;
  /** What the program said last, on either of its outputs. */
  words = "";

  /**
   * @param {string[]} command
   * @param {NodeJS.ProcessEnv} env laid over ours
   */
  constructor([program, ...args], env) {
    endWithUs();
    // Detached, it leads a group of its own, to which whatever it starts belongs.
    this.#child = spawn(program, args, {
      detached: true,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    groups.add(this);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on("data", (text) => {
        this.words = (this.words + text).slice(-2000);
      });
    }
    this.#child.on("error", (error) => {
      this.words += error.message;
    });
  }

  /** Whether the program itself has ended, or never began. */
  get ended() {
    const { pid, exitCode, signalCode } = this.#child;
    return pid === undefined || exitCode !== null || signalCode !== null;
  }

  /** Asks all to end, and makes those that are slow. */
  async stop(graceMs) {
    this.#signal("SIGTERM");
    await this.#gone(graceMs);
    await this.kill();
  }

  /** Ends all at once. */
  async kill() {
    this.#signal("SIGKILL");
    if (!this.ended) await once(this.#child, "exit");
    await this.#gone(GONE_MS);
    groups.delete(this);
  }

  /** Ends all at once, and waits for nothing. */
  abandon() {
    this.#signal("SIGKILL");
  }

  /** Waits until the last of the group is gone, but not longer than that. */
  async #gone(ms) {
    const until = performance.now() + ms;
    while (this.#signal(0) && performance.now() < until) await sleep(20);
  }

  /** Whether anybody was there to get the signal. */
  #signal(signal) {
    if (this.#child.pid === undefined) return false;
    try {
      return process.kill(-this.#child.pid, signal);
    } catch {
      return false;
    }
  }
}

/** Ends the groups however we end: a terminal's Ctrl-C reaches only our own group. */
function endWithUs() {
  if (groups.size > 0 || process.listeners("exit").includes(abandonAll)) return;
  process.on("exit", abandonAll);
  for (const [name, number] of [
    ["SIGHUP", 1],
    ["SIGINT", 2],
    ["SIGTERM", 15],
  ]) {
    process.once(name, () => process.exit(128 + number));
  }
}

function abandonAll() {
  for (const group of groups) group.abandon();
}
