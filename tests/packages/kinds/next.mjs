/**
 * Next.js, built for production by either of its bundlers: a component of the page, a server
 * component, and a route.
 */

import { assertTriedOut } from "../verdict.mjs";
import { byFetch, byServer, program } from "../ways.mjs";

const LAYOUT = `export default function Layout({ children }) {
  return <html lang="en"><body>{children}</body></html>;
}
`;

/** A server component: it is run while the page is built. */
const PAGE = `import { sizes } from "wanvas";
import { Client } from "./client";

export default async function Page() {
  const [first] = await sizes("vtrix");
  return <main id={first.name}><Client /></main>;
}
`;

const CLIENT = `"use client";

import { useEffect } from "react";
${program().replace("./try-out", "../try-out")}
export function Client() {
  useEffect(() => {
    const gateway = new URLSearchParams(location.search).get("gateway");
    globalThis.outcome = tryOut(wanvas, gateway);
  }, []);
  return null;
}
`;

const ROUTE = `${program().replace("./try-out", "../../try-out")}
export async function GET(request) {
  const gateway = new URL(request.url).searchParams.get("gateway");
  return Response.json(await tryOut(wanvas, gateway));
}
`;

const start = (port) => ["next", "start", "--hostname", "127.0.0.1", "--port", `${port}`];
const openPage = byServer(start);
const askRoute = byFetch(start, "/route");

export default [next("Turbopack", "--turbopack"), next("webpack", "--webpack"), edge()];

function next(bundler, flag) {
  return {
    name: `Next.js with ${bundler}: page, server component, route`,
    at: "next",
    uses: ["next", "16.4.6"],
    dependencies: { next: "16.4.6", react: "19.3.1", "react-dom": "19.3.1" },
    files: {
      "app/layout.jsx": LAYOUT,
      "app/page.jsx": PAGE,
      "app/client.jsx": CLIENT,
      "app/route/route.js": ROUTE,
    },
    build: ["next", "build", flag],
    outcome: openPage,
    async check(context) {
      await context.gateway.reset();
      await assertTriedOut(await askRoute(context), context.gateway);
    },
  };
}

/** A route of the edge runtime, which takes the engine as a file. */
function edge() {
  const kind = next("Turbopack", "--turbopack");
  return {
    ...kind,
    name: "Next.js, route of the deprecated edge runtime",
    files: { ...kind.files, "app/edge/route.js": `${ROUTE}\nexport const runtime = "edge";\n` },
    outcome: byFetch(start, "/edge"),
    check: undefined,
  };
}
