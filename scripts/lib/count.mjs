import { inspect } from "node:util";

/** A reporter of Node's test runner: how many tests passed, and which failed why, as JSON. */
export default async function* count(events) {
  const counts = { passed: 0, failures: [] };
  for await (const { type, data } of events) {
    if (data.details?.type === "suite" || data.skip !== undefined) continue;
    if (type === "test:pass") counts.passed += 1;
    if (type === "test:fail") counts.failures.push(`${data.name}\n${inspect(data.details.error)}`);
  }
  yield JSON.stringify(counts);
}
