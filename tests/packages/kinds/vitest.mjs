/** Vitest in each of its environments: Node, and pages that Node imitates. */

import { readFileSync } from "node:fs";
import { program } from "../ways.mjs";

/** Vitest needs a newer Node than this project does. */
const DEPENDENCIES = {
  vitest: "5.1.1",
  node: "22.23.3",
  "happy-dom": "21.0.4",
  jsdom: "31.0.1",
};

/** Its outcome goes into a file: what is printed is Vitest's own. */
const TEST = `import { writeFileSync } from "node:fs";
import { test } from "vitest";
${program()}
test("the package generates", async () => {
  const outcome = await tryOut(wanvas, process.env.GATEWAY);
  writeFileSync("outcome.json", JSON.stringify(outcome));
});
`;

export default ["node", "happy-dom", "jsdom"].map((environment) => ({
  name: `Vitest, \`environment: "${environment}"\``,
  at: "vitest",
  uses: ["vitest", "5.1.1"],
  dependencies: DEPENDENCIES,
  files: { "main.test.js": TEST },
  async outcome({ project, gateway }) {
    const command = ["vitest", "run", "--environment", environment];
    await project.run(["env", `GATEWAY=${gateway.origin}`, ...command]);
    return JSON.parse(readFileSync(project.path("outcome.json"), "utf8"));
  },
}));
