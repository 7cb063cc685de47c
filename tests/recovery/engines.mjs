/** The engines in which these tests run: those that keep a profile, so that one can be killed. */

export const CHOSEN = process.env.WANVAS_ENGINES?.split(",") ?? ["chromium", "firefox"];
