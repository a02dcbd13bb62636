import { getRouteApi, Link } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { Choices } from "../../../ui/choices.js";
import stack from "../../../ui/stack.module.css";
import { HistoryView } from "./history/history-view.js";
import { ImportanceView } from "./importance/importance-view.js";
import { ParallelView } from "./parallel/parallel-view.js";
import { DEFAULT_VIEW, type SearchSearch, type SearchView } from "./search-search.js";
import { SlicesView } from "./slices/slices-view.js";

const route = getRouteApi("/jobs/$id/search");

const views: Readonly<Record<SearchView, { readonly title: string; readonly View: ComponentType }>> = {
  history: { title: "History", View: HistoryView },
  parallel: { title: "Parallel coordinates", View: ParallelView },
  importance: { title: "Importance", View: ImportanceView },
  slices: { title: "One parameter", View: SlicesView },
};

const withView = (search: SearchSearch, view: SearchView): SearchSearch =>
  view === DEFAULT_VIEW ? search : { ...search, view };

/** How the search went, and what decided. */
export function SearchPage() {
  const { view: shown = DEFAULT_VIEW } = route.useSearch();
  const { View } = views[shown];
  return (
    <div className={stack.column}>
      <Choices label="View">
        {Object.entries(views).map(([name, { title }]) => (
          <Link
            key={name}
            from="/jobs/$id/search"
            search={({ view: _, ...search }) => withView(search, name as SearchView)}
            activeOptions={{ exact: true }}
            aria-current={name === shown ? "page" : undefined}
          >
            {title}
          </Link>
        ))}
      </Choices>
      <View />
    </div>
  );
}
