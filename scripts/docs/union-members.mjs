/** A plugin of TypeDoc: what is said of each member of a union goes into the text of its type. */

import { Comment, Converter, ReflectionKind } from "typedoc";

/** @param {import("typedoc").Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const alias of project.getReflectionsByKind(ReflectionKind.TypeAlias)) tellMembers(alias);
  });
}

function tellMembers(alias) {
  alias.type?.elementSummaries?.forEach((summary, index) => {
    alias.comment ??= new Comment();
    const text = `${index === 0 ? "\n\n" : "\n"}- \`${alias.type.types[index]}\`: `;
    alias.comment.summary.push({ kind: "text", text }, ...summary);
  });
}
