/** The notices that the licences of others ask for, of whose code there is some in the package. */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inProject, PKG } from "./lib/paths.mjs";
import { Failure, read } from "./lib/run.mjs";

const INTRODUCTION = `# Third-party notices

This package has code of the following in it. The text of the Apache License 2.0 is in LICENSE.

## Rust's core, alloc and compiler_builtins

MIT OR Apache-2.0, by the Rust project's contributors: https://github.com/rust-lang/rust
`;

/** Licence files, save for those whose text is in our LICENSE. */
const LICENCE_FILE = /^LICEN[CS]E(?!-APACHE)/i;

/**
 * Writes the package's `THIRD-PARTY.md`.
 *
 * @param {string[]} inputs paths of the modules that were bundled
 */
export function writeNotices(inputs) {
  const parts = [...npmPackages(inputs), ...crates()];
  writeFileSync(join(PKG, "THIRD-PARTY.md"), [INTRODUCTION, ...parts.map(notice)].join("\n"));
}

/** The packages that modules belong to. */
function npmPackages(inputs) {
  const found = inputs.map((path) => path.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]);
  return [...new Set(found.filter(Boolean))].sort().map((name) => {
    const directory = inProject("node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
    return { name, version, license, directory };
  });
}

/** The crates that are compiled into the engine, which macros are not. */
function crates() {
  const target = "wasm32-unknown-unknown";
  const shown = ["--edges=normal,no-proc-macro", "--prefix=none", "--format={p}"];
  const listed = cargo("tree", "--package=wanvas", `--target=${target}`, ...shown).split("\n");
  const metadata = cargo("metadata", "--format-version=1", `--filter-platform=${target}`);
  return JSON.parse(metadata)
    .packages.filter(({ name, version }) => listed.includes(`${name} v${version}`))
    .map((crate) => ({ ...crate, directory: dirname(crate.manifest_path) }));
}

function cargo(command, ...args) {
  const output = read("cargo", [command, "--locked", ...args]);
  if (output === null) throw new Failure(`cargo ${command} failed`);
  return output;
}

function notice({ name, version, license, directory }) {
  const files = readdirSync(directory).filter((file) => LICENCE_FILE.test(file));
  if (files.length === 0 && !license?.includes("Apache-2.0")) {
    throw new Failure(`${name} ${version} has no licence file to put into the package`);
  }
  const texts = files.sort().map((file) => {
    return `\n\`\`\`text\n${readFileSync(join(directory, file), "utf8").trim()}\n\`\`\`\n`;
  });
  return `## ${name} ${version}\n\n${license}\n${texts.join("")}`;
}
