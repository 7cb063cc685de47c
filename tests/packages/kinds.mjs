/** Kinds of projects and runtimes that the package is tried in, in the order of the README. */

import bun from "./kinds/bun.mjs";
import deno from "./kinds/deno.mjs";
import esbuild from "./kinds/esbuild.mjs";
import importMap from "./kinds/import-map.mjs";
import next from "./kinds/next.mjs";
import node from "./kinds/node.mjs";
import parcel from "./kinds/parcel.mjs";
import react from "./kinds/react.mjs";
import rollup from "./kinds/rollup.mjs";
import vite from "./kinds/vite.mjs";
import vitest from "./kinds/vitest.mjs";
import webpack from "./kinds/webpack.mjs";
import workerd from "./kinds/workerd.mjs";
import workers from "./kinds/workers.mjs";

/**
 * @typedef {object} Kind
 * @property {string} name for the README
 * @property {string} at the project's directory; kinds of one directory have the same dependencies
 * @property {[string, string]} [uses] the package that is tried, and its version
 * @property {Record<string, string>} dependencies with exact versions
 * @property {Record<string, string>} files the project's, by path
 * @property {string[]} [build] a command
 * @property {(context: Context) => Promise<object>} [outcome] runs `program/try-out.js`
 * @property {(context: Context) => Promise<void>} [check] asserts what else there is to say
 * @property {string} [row] for the README, where the test passes; "yes" if there is none
 */

/** @type {Kind[]} */
export const KINDS = [
  importMap,
  vite,
  webpack,
  rollup,
  esbuild,
  parcel,
  next,
  react,
  workers,
  node,
  workerd,
  deno,
  bun,
  vitest,
].flat();
