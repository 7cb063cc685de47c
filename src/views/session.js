/**
 * What a view shows of generations, and what it can do: shared by the React hook and the element.
 * The build resolves `wanvas` to the package's own module beside them.
 */

import { generate, resume } from "wanvas";

/** No outcome and no news: what every generation begins with. */
const NOTHING = { progress: null, generation: null, error: null };

/** The state before anything was asked for, and of every server rendering. */
const IDLE = { status: "idle", ...NOTHING, resumed: [] };

/**
 * A session has one generation at a time. Its state is plain data, another object at each change.
 * Its options can be changed, for what begins later.
 */
export function createSession(options) {
  let state = IDLE;
  const listeners = new Set();

  const change = (news) => {
    state = { ...state, ...news };
    for (const listener of listeners) listener();
  };

  /** The latest generation: how to abort it, and its end. */
  let latest;
  /** The same of what is resumed, while it is. */
  let resuming;
  let isStopped = false;

  /** Whether it stays stopped: what called may be ahead of what starts the session again. */
  async function stays() {
    await null;
    return isStopped;
  }

  async function run(own, request) {
    const { options } = session;
    const isShown = () => own === latest && !own.stop.signal.aborted;
    const onProgress = (progress) => {
      if (isShown()) change({ progress });
      return options.onProgress?.(progress);
    };
    try {
      const { signal } = own.stop;
      const generation = await generate(request, { ...options, wait: true, signal, onProgress });
      // Also if it was cancelled at the last moment: it is delivered, and in no journal any more.
      if (own === latest) change({ status: "succeeded", generation });
      return generation;
    } catch (error) {
      if (isShown()) change({ status: "failed", error });
      return null;
    }
  }

  async function goOn({ stop: { signal } }) {
    // What runs in this session is shown as such, and not as resumed.
    await latest?.done;
    try {
      for await (const outcome of resume({ ...session.options, signal })) {
        change({ resumed: [...state.resumed, outcome] });
      }
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
    }
  }

  const session = {
    options,

    get: () => state,

    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    /** Starts one unless one runs: that was paid for, and to replace it would be to pay twice. */
    async generate(request) {
      if (isStopped && (await stays())) return null;
      if (state.status === "running") return null;
      latest = { stop: new AbortController() };
      latest.done = run(latest, request);
      change({ status: "running", ...NOTHING });
      return latest.done;
    },

    cancel() {
      if (state.status !== "running") return;
      latest.stop.abort();
      change({ status: "cancelled" });
    },

    async resume() {
      if (isStopped && (await stays())) return;
      if (!resuming) {
        const own = { stop: new AbortController() };
        resuming = own;
        own.done = goOn(own).finally(() => {
          if (resuming === own) resuming = undefined;
        });
      }
      await resuming.done;
    },

    /** Lets a stopped session begin something again. */
    start() {
      isStopped = false;
    },

    /**
     * Stops waiting for anything, and begins nothing; what was submitted stays in the journal. What
     * is started again at once, as in React's strict mode, has not stopped.
     */
    async stop() {
      isStopped = true;
      if (!(await stays())) return;
      session.cancel();
      resuming?.stop.abort();
      resuming = undefined;
    },
  };
  return session;
}
