/** The React hook. Types and documentation are in `index.d.ts`. */

import { useEffect, useInsertionEffect, useState, useSyncExternalStore } from "react";
import { createSession } from "../views/session.js";

export function useGenerate(options) {
  const [session] = useState(() => createSession(options));
  // Before any other effect, which may be one that generates.
  useInsertionEffect(() => {
    session.options = options;
  });
  useEffect(() => {
    // Strict mode, and what is hidden and shown again, have the effects of one component twice.
    session.start();
    return () => void session.stop();
  }, [session]);
  const state = useSyncExternalStore(session.subscribe, session.get, session.get);
  const { generate, cancel, resume } = session;
  return { state, generate, cancel, resume };
}
