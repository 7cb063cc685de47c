/** A project that installs the package, in a directory of its own. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join, relative } from "node:path";
import { inProject } from "../../scripts/lib/paths.mjs";

/** Longest that an installation or a build may take on a busy machine. */
const COMMAND_MS = 300_000;

/** The program that every project runs. */
const PROGRAM = inProject("tests/packages/program/try-out.js");

/** Says that the installation which it describes was completed. */
const STAMP = "installed.json";

/** What an installation leaves. */
const INSTALLED = ["node_modules", "package.json", "package-lock.json", STAMP];

export class Project {
  /**
   * @param {string} directory
   * @param {string} tarball
   */
  constructor(directory, tarball) {
    this.directory = directory;
    this.tarball = tarball;
  }

  path(...parts) {
    return join(this.directory, ...parts);
  }

  /** Writes the files; of an earlier project in the directory stays what was installed. */
  write(files) {
    mkdirSync(this.directory, { recursive: true });
    for (const name of readdirSync(this.directory)) {
      if (!INSTALLED.includes(name)) rmSync(this.path(name), { recursive: true, force: true });
    }
    cpSync(PROGRAM, this.path("try-out.js"));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(this.path(name)), { recursive: true });
      writeFileSync(this.path(name), text);
    }
  }

  /** Installs the tarball and the dependencies, unless these very ones are installed. */
  async install(dependencies, more = {}) {
    const manifest = JSON.stringify({
      private: true,
      type: "module",
      dependencies: { ...dependencies, wanvas: `file:${relative(this.directory, this.tarball)}` },
      ...more,
    });
    writeFileSync(this.path("package.json"), manifest);
    if (existsSync(this.path(STAMP)) && readFileSync(this.path(STAMP), "utf8") === manifest) return;
    rmSync(this.path(STAMP), { force: true });
    await this.run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"]);
    writeFileSync(this.path(STAMP), manifest);
  }

  /** Runs a command that must succeed, and returns what it prints on its first output. */
  async run(command) {
    const { code, stdout, output } = await this.tell(command);
    if (code !== 0) throw new Error(`${command.join(" ")} failed (${code}):\n${output}`);
    return stdout;
  }

  /** Runs a command, whose end is an answer. */
  async tell(command) {
    const child = this.start(command);
    const late = setTimeout(() => endGroup(child), COMMAND_MS);
    const [code, signal] = await once(child, "close");
    clearTimeout(late);
    return { code: code ?? signal, ...child.printed };
  }

  /**
   * Starts a command; `printed` grows with what it prints.
   *
   * @returns {import("node:child_process").ChildProcess & { printed: Record<string, string> }}
   */
  start([program, ...args]) {
    const env = npmEnvironment();
    env.PATH = [this.path("node_modules", ".bin"), env.PATH].join(delimiter);
    const stdio = ["ignore", "pipe", "pipe"];
    const child = spawn(program, args, { cwd: this.directory, env, stdio, detached: true });
    const end = () => endGroup(child);
    process.on("exit", end);
    child.on("close", () => process.off("exit", end));
    child.printed = { stdout: "", stderr: "", output: "" };
    for (const name of ["stdout", "stderr"]) {
      child[name].setEncoding("utf8").on("data", (text) => {
        child.printed[name] += text;
        child.printed.output += text;
      });
    }
    return child;
  }
}

/** Ends a started command with all that it has started itself. */
export function endGroup({ pid }) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended, or never began.
  }
}

/** Our environment, without what an npm that started us says of this project; no tool reports home. */
export function npmEnvironment() {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_TEST)/i.test(name));
  const quiet = { NEXT_TELEMETRY_DISABLED: "1", NO_COLOR: "1", CI: "1" };
  return { ...Object.fromEntries(own), ...quiet };
}
